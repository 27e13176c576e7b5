"""What the embedded profile declares absent is shown absent by a probe, and what that costs is fixed here."""

from datetime import UTC, datetime

import boto3
import lakes
import pytest
from botocore.config import Config

from lakebook import poll, profile, requirement, s3
from lakebook.data import events
from lakebook.stack import stack

NOT_APPLICABLE = {
    "ACC-01", "ACC-02", "ACC-03",  # no row filters
    "CAT-01",  # no API to set up a warehouse
    "EVO-13",  # no default values: no format v3
    "EXT-03", "EXT-04",  # no Vortex, no Lance
    "OBS-01", "OBS-02",  # no tracing, no lineage
    "RES-05",  # no Redis
    "VEND-08", "VEND-12", "VEND-16", "VEND-17",  # see the probes below, and no cloud
    "WR-21",  # no encryption
}  # fmt: skip


@pytest.fixture(scope="module")
def lake():
    with lakes.lent("probe") as lent:
        yield lent


@pytest.fixture(scope="module")
def vended(lake):
    sample = events(1, 5).files[0].rows
    orders, customers = lake.create("orders", sample), lake.create("customers", sample)
    return orders, customers, s3.client("s3", lake.storage.meta.endpoint_url, lake.catalog.vend(orders.identifier).keys)


def place(lake, table):
    bucket, _, key = lake.places(table)[0].removeprefix("s3://").partition("/")
    return bucket, key


def test_the_requirements_that_are_not_applicable_are_exactly_these():
    has, _ = stack.capabilities(profile.load("embedded"))
    assert {one.id for one in requirement.all_requirements().values() if one.missing(has)} == NOT_APPLICABLE


def test_every_absence_is_needed_by_a_requirement_and_has_its_reason():
    _, lacks = stack.capabilities(profile.load("embedded"))
    needed = {need for one in requirement.all_requirements().values() for need in one.needs}
    assert set(lacks) <= needed
    assert all(lacks.values())


def test_scoped_list_is_absent_for_a_vended_key_lists_a_sibling(lake, vended):
    _, customers, store = vended
    bucket, key = place(lake, customers)
    assert store.list_objects_v2(Bucket=bucket, Prefix=key.rpartition("/")[0])["KeyCount"] > 0


def test_scoped_copy_is_absent_for_a_vended_key_copies_from_a_sibling(lake, vended):
    orders, customers, store = vended
    bucket, source = place(lake, customers)
    _, target = place(lake, orders)
    store.copy_object(Bucket=bucket, Key=f"{target}.copy", CopySource={"Bucket": bucket, "Key": source})
    assert store.get_object(Bucket=bucket, Key=f"{target}.copy")["Body"].read() == b"probe"


def test_expiry_is_absent_for_an_expired_session_is_still_taken(lake):
    keys, url = lake.state.services["storage"].secrets, lake.storage.meta.endpoint_url
    own = s3.Keys(keys["catalog_key"], keys["catalog_secret"])
    iam = s3.client("iam", url, own)
    sts = boto3.client(  # not ours: boto3 itself refuses to ask for less than 15 minutes, unless told not to look
        "sts",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=own.key_id,
        aws_secret_access_key=own.secret,
        config=Config(parameter_validation=False),
    )
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'
    )
    anything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
    arn = iam.create_role(RoleName="short", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="short", PolicyName="all", PolicyDocument=anything)
    session = sts.assume_role(RoleArn=arn, RoleSessionName="short", DurationSeconds=1)["Credentials"]
    from_the_past = s3.Keys(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    store = s3.client("s3", url, from_the_past)
    poll.until(lambda: datetime.now(UTC) > session["Expiration"], what="the session to expire", deadline_seconds=5)
    assert store.list_objects_v2(Bucket=lake.source.bucket)["ResponseMetadata"]["HTTPStatusCode"] == 200
