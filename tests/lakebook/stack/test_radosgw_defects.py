"""The defects of radosgw 16 that its profile lists or declares, each by itself: one that is mended turns this red."""

import json

import pytest
import stores
from botocore.exceptions import ClientError

from lakebook import s3
from lakebook.lake import access
from lakebook.stack import object_store

BUCKET = object_store.WAREHOUSE_BUCKET
OWN, SIBLING = ({"Bucket": BUCKET, "Key": f"{table}/x"} for table in ("orders", "customers"))
READ_OWN = json.dumps(object_store.policy(("s3:*", f"arn:aws:s3:::{BUCKET}/orders/*")), separators=(",", ":"))

pytestmark = pytest.mark.parametrize("kind", stores.here("radosgw"), scope="module")


@pytest.fixture(scope="module")
def store(kind, tmp_path_factory):
    with stores.running(kind, tmp_path_factory.mktemp("store")) as running:
        admin = client(running, stores.keys(running, "admin"))
        for where in (OWN, SIBLING):
            admin.put_object(**where, Body=b"x")
        yield running


def client(store, keys, api="s3"):
    return s3.client(api, store.endpoint.url, keys)


def session(store, keys, **narrowed):
    """A session of the store's role."""
    sts, role = client(store, keys, "sts"), store.endpoint.values["role_arn"]
    given = sts.assume_role(RoleArn=role, RoleSessionName="session", **narrowed)["Credentials"]
    return s3.Keys(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@pytest.fixture
def narrowed(store):
    """The key of a session that may do everything to one table, and nothing else."""
    keys = session(store, stores.keys(store, "catalog"), Policy=READ_OWN)
    assert client(store, keys).get_object(**OWN)["Body"].read() == b"x"
    with pytest.raises(ClientError, match="AccessDenied"):
        client(store, keys).get_object(**SIBLING)
    return keys


def test_an_altered_session_token_is_taken_and_its_policy_is_lost(store, narrowed):
    altered = access.forgeries(narrowed, narrowed)["altered token"]
    assert client(store, altered).get_object(**SIBLING)["Body"].read() == b"x"


def test_a_session_assumes_its_role_again_without_the_policy_that_narrowed_it(store, narrowed):
    assert client(store, session(store, narrowed)).get_object(**SIBLING)["Body"].read() == b"x"


def test_a_session_copies_an_object_that_it_may_read_but_no_part_of_it(store, narrowed):
    own, target = client(store, narrowed), {"Bucket": BUCKET, "Key": "orders/copy"}
    own.copy_object(**target, CopySource=OWN)
    upload = own.create_multipart_upload(**target)["UploadId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        own.upload_part_copy(**target, UploadId=upload, PartNumber=1, CopySource=OWN)


def test_a_put_that_must_match_an_etag_is_refused_though_it_matches(store):
    admin = client(store, stores.keys(store, "admin"))
    etag = admin.head_object(**OWN)["ETag"]
    with pytest.raises(ClientError, match=r"412|PreconditionFailed"):
        admin.put_object(**OWN, Body=b"x", IfMatch=etag)
