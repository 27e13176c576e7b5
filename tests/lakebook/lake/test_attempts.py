"""How a store's answer becomes an outcome, and a token a forged one."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from lakebook.lake import access, widening
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


def test_a_miss_is_a_refusal_where_that_is_said():
    for status in (404, 501):
        assert access.outcome(raising(answered(status, "NoSuch")), refusals={404, 501})[0] == "refused"
    assert access.outcome(raising(answered(500, "InternalError")), refusals={404, 501})[0] == "undecided"


class Unoffering(BaseHTTPRequestHandler):
    """A store that knows neither STS nor IAM, and says so as S3 does."""

    def do_POST(self):
        body = b"<Error><Code>NotImplemented</Code></Error>"
        self.send_response(501)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nobody reads it."""


@pytest.fixture
def unoffering():
    with ThreadingHTTPServer(("127.0.0.1", 0), Unoffering) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_way_that_a_store_does_not_offer_is_refused_and_one_by_a_role_is_undecided(unoffering):
    keys = Keys("id", "secret", "token")
    tried = widening.attempts("a key", SimpleNamespace(url=unoffering, values={}), keys, keys)
    closed = {"session token", "federation token", "new user"}
    assert {one.answer for one in tried} == {"501 NotImplemented"}
    assert {one.operation for one in tried if one.outcome == "refused"} == closed
    assert {one.outcome for one in tried if one.operation not in closed} == {"undecided"}


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
