"""How a store's answer becomes an outcome, and a token a forged one."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from lakebook.lake import access
from lakebook.s3 import Keys


def raising(error):
    def act():
        raise error

    return act


def answered(status, code):
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "GetObject")


def test_what_was_done_was_allowed():
    assert access.outcome(dict) == ("allowed", "200")


@pytest.mark.parametrize(
    ("status", "code"), [(403, "AccessDenied"), (403, "403"), (401, "Unauthorized"), (400, "ExpiredToken")]
)
def test_a_refusal_is_one(status, code):
    assert access.outcome(raising(answered(status, code))) == ("refused", f"{status} {code}")


@pytest.mark.parametrize(("status", "code"), [(404, "NoSuchKey"), (500, "InternalError"), (400, "MalformedPolicy")])
def test_a_miss_or_a_failure_is_no_refusal(status, code):
    assert access.outcome(raising(answered(status, code)))[0] == "undecided"


def test_a_store_that_is_not_there_refuses_nothing():
    error = EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
    assert access.outcome(raising(error)) == ("undecided", "EndpointConnectionError")


def test_a_forged_token_is_another_one_and_of_the_same_length():
    keys, others = Keys("id", "secret", "a-long-token-1"), Keys("id2", "secret2", "a-long-token-2")
    forged = access.forgeries(keys, others)
    assert {name: one.session_token for name, one in forged.items() if name != "altered token"} == {
        "no token": None,
        "another session's token": "a-long-token-2",
    }
    altered = forged["altered token"].session_token
    assert altered != keys.session_token
    assert len(altered) == len(keys.session_token)


def test_what_lies_around_a_table_is_listed_from_the_nearest_to_the_bucket():
    assert access.around("s3://bucket/ns/orders", "s3://bucket/ns/orders2/") == [
        "s3://bucket/ns/orders/",
        "s3://bucket/ns/orders",
        "s3://bucket/ns/orders2/",
        "s3://bucket/ns/",
        "s3://bucket/",
    ]
