"""What each cloud calls its credentials."""

import pytest

from lakebook.checks import clouds, credentials

S3 = {"s3.access-key-id": "ASIA-1", "s3.secret-access-key": "a-secret", "s3.session-token": "a-token"}
ADLS = {"adls.sas-token.lakebook.dfs.core.windows.net": "sig=x", "adls.account-name": "lakebook"}
GCS = {"gcs.oauth2.token": "ya29.x", "gcs.oauth2.token-expires-at": "1767225600000"}
PLACES = {
    "s3": "s3://bucket/orders",
    "adls": "abfss://c@lakebook.dfs.core.windows.net/orders",
    "gcs": "gs://bucket/orders",
}
SETS = {"s3": S3, "adls": ADLS, "gcs": GCS}


def named(config, cloud):
    return clouds.own_names({"config": config}, PLACES[cloud])


@pytest.mark.parametrize("cloud", PLACES)
def test_credentials_by_their_own_clouds_names_pass(cloud):
    assert named(SETS[cloud], cloud).ok


@pytest.mark.parametrize("cloud", PLACES)
def test_those_of_another_cloud_are_red_alone_and_beside_the_right_ones(cloud):
    for other in SETS.keys() - {cloud}:
        assert named(SETS[other], cloud).ok is False
        assert named(SETS[cloud] | SETS[other], cloud).ok is False


def test_a_key_without_what_belongs_to_it_is_red_and_told_by_name():
    half = named({"s3.access-key-id": "ASIA-1"}, "s3")
    assert half.ok is False
    assert half.got == {"config": ["s3.access-key-id"]}


def test_names_that_no_client_knows_are_red():
    assert named({"access-key-id": "ASIA-1", "secret-access-key": "a-secret"}, "s3").ok is False


def test_nothing_vended_is_red_and_a_good_set_hides_no_bad_one():
    assert clouds.own_names({}, PLACES["s3"]).ok is False
    assert clouds.own_names({"config": GCS, "storage-credentials s3://bucket/": S3}, PLACES["s3"]).ok is False


def test_no_credentials_belong_to_a_folder():
    assert clouds.own_names({"config": S3}, "file:///tmp/orders").ok is False


def test_an_expiry_is_no_secret_and_is_read_of_each_cloud():
    stated = {
        "s3": S3 | {"s3.session-token-expires-at-ms": "1767225600000"},
        "adls": ADLS | {"adls.sas-token-expires-at-ms.lakebook.dfs.core.windows.net": "1767225600000"},
        "gcs": GCS,
    }
    for config in stated.values():
        assert str(credentials.expiry(config)) == "2026-01-01 00:00:00+00:00"
        assert "1767225600000" not in credentials.values({"config": config})


def test_an_account_s_own_key_is_a_credential_wherever_it_appears():
    assert credentials.named({"config": {"adls.account-key": "k"}}) == ["config: adls.account-key"]


def test_a_connection_string_is_a_credential_where_it_holds_one():
    address = "BlobEndpoint=http://127.0.0.1:10000/lakebook"
    for ending, held in (("", []), (";AccountKey=k", ["config: adls.connection-string"])):
        assert credentials.named({"config": {"adls.connection-string": address + ending}}) == held
