"""What a profile declares absent is shown absent by a probe, on each store that is here, and what that costs is fixed.

What it does not declare absent is shown to be there.
"""

from datetime import UTC, datetime

import boto3
import lakes
import pytest
import stores
from botocore.config import Config

from lakebook import poll, profile, requirement, s3
from lakebook.data import events
from lakebook.lake import access
from lakebook.stack import stack

NOT_APPLICABLE = {
    "ACC-01", "ACC-02", "ACC-03",  # no row filters
    "CAT-01",  # no API to set up a warehouse
    "EVO-13",  # no default values: no format v3
    "EXT-03", "EXT-04",  # no Vortex, no Lance
    "OBS-01", "OBS-02",  # no tracing, no lineage
    "RES-05",  # no Redis
    "VEND-08", "VEND-16", "VEND-17",  # see the probes below
    "WR-21",  # no encryption
}  # fmt: skip


WITH_SESSION_POLICIES = NOT_APPLICABLE - {"VEND-08", "VEND-16", "VEND-17"}
KEYLESS = {"VEND-01", "VEND-03", "VEND-04", "VEND-05", "VEND-06", "VEND-07", "VEND-08", "VEND-09", "VEND-11", "VEND-12"}
KEYLESS |= {"VEND-16", "VEND-17", "VEND-18"}
COSTS = {
    "azurite": NOT_APPLICABLE - {"VEND-08"} | {"CAT-09", "VEND-11", "VEND-18"},  # no sessions; one engine
    "fake-gcs": WITH_SESSION_POLICIES | {"CAT-09", "VEND-11", "VEND-18"},  # no sessions; one engine
    "local-files": NOT_APPLICABLE | KEYLESS,
    "embedded": NOT_APPLICABLE,
    "postgres": NOT_APPLICABLE,
    "pyiceberg": NOT_APPLICABLE,
    "minio": WITH_SESSION_POLICIES,
    "radosgw": WITH_SESSION_POLICIES,
}
ON_STORES = {"moto": "embedded", "minio": "minio", "radosgw": "radosgw"}
NO_REQUIREMENT = {"part_copies", "duckdb"}  # a notebook uses what is there


@pytest.fixture(scope="module", params=[ON_STORES[kind] for kind in stores.here(*ON_STORES)])
def lake(request):
    with lakes.lent("probe", profile.load(request.param)) as lent:
        yield lent


@pytest.fixture(scope="module")
def vended(lake):
    sample = events(1, 5).files[0].rows
    orders, customers = lake.create("orders", sample), lake.create("customers", sample)
    return orders, customers, s3.client("s3", lake.storage.meta.endpoint_url, lake.catalog.vend(orders.identifier).keys)


def place(lake, table):
    bucket, _, key = lake.places(table)[0].removeprefix("s3://").partition("/")
    return bucket, key


def allowed(act):
    return access.outcome(act)[0] == "allowed"


@pytest.mark.parametrize("name", COSTS)
def test_the_requirements_that_are_not_applicable_are_exactly_these(name):
    has, _ = stack.capabilities(profile.load(name))
    assert {one.id for one in requirement.all_requirements().values() if one.missing(has)} == COSTS[name]


@pytest.mark.parametrize("name", COSTS)
def test_every_absence_is_needed_by_a_requirement_and_has_its_reason(name):
    _, lacks = stack.capabilities(profile.load(name))
    needed = {need for one in requirement.all_requirements().values() for need in one.needs}
    assert set(lacks) <= needed | NO_REQUIREMENT
    assert all(lacks.values())


def test_a_vended_key_lists_a_sibling_exactly_where_scoped_list_is_absent(lake, vended):
    _, customers, store = vended
    bucket, key = place(lake, customers)
    listing = lambda: store.list_objects_v2(Bucket=bucket, Prefix=key.rpartition("/")[0])  # noqa: E731
    assert allowed(listing) != lake.can("scoped_list")


def test_a_vended_key_copies_from_a_sibling_exactly_where_scoped_copy_is_absent(lake, vended):
    orders, customers, store = vended
    (bucket, source), (_, target) = place(lake, customers), place(lake, orders)
    where = {"Bucket": bucket, "Key": f"{target}.copy"}
    copied = allowed(lambda: store.copy_object(**where, CopySource={"Bucket": bucket, "Key": source}))
    assert copied != lake.can("scoped_copy")
    if copied:
        assert store.get_object(**where)["Body"].read() == b"probe"


def test_a_vended_key_copies_a_part_of_its_own_exactly_where_part_copies_are_there(lake, vended):
    orders, _, _ = vended
    home = lake.places(orders)[0]
    (tried,) = lake.attempt("own", lake.catalog.vend(orders.identifier).keys, [home], "copy a part", into=home)
    assert (tried.outcome == "allowed") == lake.can("part_copies")


def test_an_expired_session_is_taken_exactly_where_expiry_is_absent(lake):
    """Where sessions can be short: one of 900 s is outlived in the scenario `lifetime`."""
    storage = lake.state.services["storage"]
    if "shortest_session_seconds" in storage.values:
        assert lake.can("expiry")
        return
    session = short_session(storage)
    keys = s3.Keys(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    store = s3.client("s3", storage.url, keys)
    poll.until(lambda: datetime.now(UTC) > session["Expiration"], what="the session to expire", deadline_seconds=5)
    bucket = storage.values["warehouse_bucket"]
    assert allowed(lambda: store.list_objects_v2(Bucket=bucket)) != lake.can("expiry")


def short_session(storage):
    """A session of one second, of the role that the store names, or of one that is made for it."""
    own = s3.Keys(storage.secrets["catalog_key"], storage.secrets["catalog_secret"])
    sts = boto3.client(  # not ours: boto3 itself refuses to ask for less than 15 minutes, unless told not to look
        "sts",
        endpoint_url=storage.url,
        region_name="us-east-1",
        aws_access_key_id=own.key_id,
        aws_secret_access_key=own.secret,
        config=Config(parameter_validation=False),
    )
    arn = storage.values.get("role_arn") or new_role(s3.client("iam", storage.url, own))
    return sts.assume_role(RoleArn=arn, RoleSessionName="short", DurationSeconds=1)["Credentials"]


def new_role(iam):
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'
    )
    anything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
    arn = iam.create_role(RoleName="short", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="short", PolicyName="all", PolicyDocument=anything)
    return arn
