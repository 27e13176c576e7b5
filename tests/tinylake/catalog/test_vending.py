"""Credentials: only where they are asked for, for one table, for a while, and no wider than the grant."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import catalog_wire as wire
import pytest
import servers
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

SECRETS = ("s3.access-key-id", "s3.secret-access-key", "s3.session-token", "s3.session-token-expires-at-ms")
BOTO = ("access-key-id", "secret-access-key", "session-token")


def _load(client: httpx.Client, namespace: str, header: str | None, name: str = "orders") -> dict[str, Any]:
    headers = {"X-Iceberg-Access-Delegation": header} if header is not None else {}
    return client.get(f"/namespaces/{namespace}/tables/{name}", headers=headers).json()


def _s3(store: servers.Moto, config: dict[str, str]) -> Any:
    return store.client(
        "s3",
        aws_access_key_id=config["s3.access-key-id"],
        aws_secret_access_key=config["s3.secret-access-key"],
        aws_session_token=config["s3.session-token"],
    )


def _denied(call: Callable[..., Any], **arguments: Any) -> bool:
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return False


@pytest.mark.parametrize("header", [None, "", "vended", "remote-signing", "vended-credentials-not"])
def test_without_the_header_there_are_no_credentials(
    writer: httpx.Client, namespace: str, store: servers.Moto, header: str | None
) -> None:
    made = wire.create(writer, namespace, headers={"X-Iceberg-Access-Delegation": header} if header else {})
    for answer in (made, _load(writer, namespace, header)):
        assert "storage-credentials" not in answer
        assert not set(SECRETS) & set(answer["config"])
        assert answer["config"]["s3.endpoint"] == store.endpoint
        assert answer["config"]["s3.path-style-access"] == "true"


@pytest.mark.parametrize("header", ["vended-credentials", "remote-signing ,  Vended-Credentials,x"])
def test_with_the_header_they_are_temporary_and_not_the_catalogs_own(
    writer: httpx.Client, namespace: str, store: servers.Moto, header: str
) -> None:
    made = wire.create(writer, namespace, headers={"X-Iceberg-Access-Delegation": header})
    for answer in (made, _load(writer, namespace, header)):
        config = answer["config"]
        assert config["s3.access-key-id"] != store.access_key_id
        assert config["s3.secret-access-key"] != store.secret_access_key
        left = int(config["s3.session-token-expires-at-ms"]) / 1000 - time.time()
        assert 800 < left <= 901
        assert (
            config["client.refresh-credentials-endpoint"] == f"v1/lake/namespaces/{namespace}/tables/orders/credentials"
        )
        assert answer["storage-credentials"] == [{"prefix": f"{made['metadata']['location']}/", "config": config}]


def test_a_commits_answer_holds_no_credentials(writer: httpx.Client, namespace: str) -> None:
    wire.create(writer, namespace)
    answer = wire.commit(writer, namespace, "orders", wire.set_properties(a="1"))
    assert set(answer.json()) == {"metadata-location", "metadata"}


def test_the_credentials_endpoint_gives_new_ones(
    lake: servers.Catalog, writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    wire.create(writer, namespace)
    first = _load(writer, namespace, "vended-credentials")["config"]
    answer = writer.get(f"{lake.uri}/{first['client.refresh-credentials-endpoint']}").json()
    (credential,) = answer["storage-credentials"]
    assert credential["config"]["s3.access-key-id"] != first["s3.access-key-id"]
    assert _s3(store, credential["config"]).list_objects_v2(
        Bucket=store.bucket, Prefix=f"warehouse/{namespace}/orders/"
    )


def test_they_reach_this_table_and_neither_a_sibling_nor_the_bucket(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    for name in ("orders", "orders2"):
        wire.create(writer, namespace, name)
    s3 = _s3(store, _load(writer, namespace, "vended-credentials")["config"])
    own = {"Bucket": store.bucket, "Key": f"warehouse/{namespace}/orders/data/x"}
    s3.put_object(**own, Body=b"x")
    assert s3.get_object(**own)["Body"].read() == b"x"
    upload = s3.create_multipart_upload(**own)["UploadId"]
    s3.abort_multipart_upload(**own, UploadId=upload)
    s3.delete_object(**own)
    for key in (f"warehouse/{namespace}/orders2/x", f"warehouse/{namespace}/orders", "warehouse/x", "x"):
        other = {"Bucket": store.bucket, "Key": key}
        assert _denied(s3.put_object, **other, Body=b"x"), key
        assert _denied(s3.get_object, **other), key
        assert _denied(s3.head_object, **other), key
        assert _denied(s3.delete_object, **other), key
        assert _denied(s3.create_multipart_upload, **other), key


def test_a_read_grant_reads_and_never_writes(
    reader: httpx.Client, writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    file = wire.create(writer, namespace)["metadata-location"]
    s3 = _s3(store, _load(reader, namespace, "vended-credentials")["config"])
    own = {"Bucket": store.bucket, "Key": file.removeprefix(f"s3://{store.bucket}/")}
    assert s3.get_object(**own)["Body"].read().startswith(b"{")
    assert _denied(s3.put_object, **own, Body=b"x")
    assert _denied(s3.delete_object, **own)
    assert _denied(s3.create_multipart_upload, **own)


def test_a_session_cannot_get_itself_a_wider_one(writer: httpx.Client, namespace: str, store: servers.Moto) -> None:
    wire.create(writer, namespace)
    config = _load(writer, namespace, "vended-credentials")["config"]
    keys = {f"aws_{name.replace('-', '_')}": config[f"s3.{name}"] for name in BOTO}
    uuid = _load(writer, namespace, None)["metadata"]["table-uuid"].replace("-", "")
    role = f"arn:aws:iam::123456789012:role/tinylake-{uuid}-write"
    assert _denied(store.client("sts", **keys).assume_role, RoleArn=role, RoleSessionName="wider")
    assert _denied(store.client("iam", **keys).list_roles)


def test_a_renamed_table_keeps_its_credentials_place(writer: httpx.Client, namespace: str) -> None:
    location = wire.create(writer, namespace)["metadata"]["location"]
    names = [{"namespace": [namespace], "name": name} for name in ("orders", "sales")]
    writer.post("/tables/rename", json={"source": names[0], "destination": names[1]})
    answer = _load(writer, namespace, "vended-credentials", "sales")
    assert answer["storage-credentials"][0]["prefix"] == f"{location}/"


def test_a_moved_table_takes_its_policy_along(writer: httpx.Client, namespace: str, store: servers.Moto) -> None:
    location = wire.create(writer, namespace)["metadata"]["location"]
    _load(writer, namespace, "vended-credentials")
    wire.commit(writer, namespace, "orders", [{"action": "set-location", "location": f"{location}-moved"}])
    s3 = _s3(store, _load(writer, namespace, "vended-credentials")["config"])
    assert _denied(s3.put_object, Bucket=store.bucket, Key=f"warehouse/{namespace}/orders/x", Body=b"")
    s3.put_object(Bucket=store.bucket, Key=f"warehouse/{namespace}/orders-moved/x", Body=b"")


def test_a_drop_removes_the_roles(
    reader: httpx.Client, writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    uuid = wire.create(writer, namespace)["metadata"]["table-uuid"].replace("-", "")
    for client in (reader, writer):
        _load(client, namespace, "vended-credentials")
    assert _roles(store, uuid) == {f"tinylake-{uuid}-read", f"tinylake-{uuid}-write"}
    writer.delete(f"/namespaces/{namespace}/tables/orders")
    assert _roles(store, uuid) == set()


def _roles(store: servers.Moto, uuid: str) -> set[str]:
    pages = store.client("iam").get_paginator("list_roles").paginate()
    return {role["RoleName"] for page in pages for role in page["Roles"] if uuid in role["RoleName"]}


def test_a_staged_table_gets_credentials_for_its_place(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    staged = wire.create(writer, namespace, **{"stage-create": True}, headers=wire.DELEGATED)
    s3 = _s3(store, staged["config"])
    s3.put_object(Bucket=store.bucket, Key=f"warehouse/{namespace}/orders/data/x", Body=b"")
    assert _denied(s3.put_object, Bucket=store.bucket, Key=f"warehouse/{namespace}/x", Body=b"")


def test_an_outsider_gets_none(lake: servers.Catalog, writer: httpx.Client, namespace: str) -> None:
    wire.create(writer, namespace)
    with lake.http(servers.OUTSIDER, **wire.DELEGATED) as outsider:
        for path in ("", "/credentials"):
            answer = outsider.get(f"/namespaces/{namespace}/tables/orders{path}")
            wire.refused(answer, 403, "ForbiddenException")
