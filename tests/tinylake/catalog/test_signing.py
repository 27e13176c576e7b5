"""Remote signing against a store that enforces: PyIceberg's signer in boto3, and requests of an attacker's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import catalog_wire as wire
import httpx
import pytest
import servers
from botocore import UNSIGNED
from botocore.config import Config
from pyiceberg.exceptions import SignError
from pyiceberg.io.fsspec import S3V4RestSigner

SIGNED = {"X-Iceberg-Access-Delegation": "remote-signing"}
SECRETS = ("s3.access-key-id", "s3.secret-access-key", "s3.session-token")


def config_of(client: httpx.Client, namespace: str, name: str = "orders") -> dict[str, str]:
    answer = client.get(f"/namespaces/{namespace}/tables/{name}", headers=SIGNED)
    return dict(answer.json()["config"])


def s3(config: dict[str, str], token: str) -> Any:
    """boto3 without a key, whose requests PyIceberg's own signer has signed by the catalog."""
    settings = Config(signature_version=UNSIGNED, s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
    client = servers.aws(config["s3.endpoint"], "s3", config=settings)
    client.meta.events.register_last("before-sign.s3", S3V4RestSigner({**config, "token": token, "uri": "unused"}))
    return client


def sign(client: httpx.Client, namespace: str, method: str, uri: str, **more: Any) -> httpx.Response:
    body = {"region": servers.REGION, "method": method, "uri": uri, "headers": {}, **more}
    return client.post(f"/namespaces/{namespace}/tables/orders/sign", json=body)


def test_the_header_gets_signing_and_no_secret(lake: servers.Catalog, writer: httpx.Client, namespace: str) -> None:
    made = wire.create(writer, namespace, headers=SIGNED)
    for config in (made["config"], config_of(writer, namespace)):
        assert config["s3.remote-signing-enabled"] == "true"
        assert config["s3.signer.uri"] == lake.uri
        assert config["s3.signer.endpoint"] == f"v1/lake/namespaces/{namespace}/tables/orders/sign"
        assert not [name for name in SECRETS if name in config]
    assert "storage-credentials" not in made


@pytest.mark.parametrize("header", ["vended-credentials,remote-signing", "remote-signing, vended-credentials"])
def test_whoever_would_take_either_gets_exactly_one(writer: httpx.Client, namespace: str, header: str) -> None:
    wire.create(writer, namespace)
    answer = writer.get(f"/namespaces/{namespace}/tables/orders", headers={"X-Iceberg-Access-Delegation": header})
    config = answer.json()["config"]
    assert "s3.session-token" in config
    assert not [name for name in config if "sign" in name]


def test_pyicebergs_signer_reads_and_writes_the_table(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    wire.create(writer, namespace)
    client = s3(config_of(writer, namespace), servers.WRITER)
    own = {"Bucket": store.bucket, "Key": f"warehouse/{namespace}/orders/data/a=b%2Fc/x y+z.parquet"}
    client.put_object(**own, Body=b"0123456789")
    assert client.get_object(**own, Range="bytes=2-3")["Body"].read() == b"23"
    assert client.head_object(**own)["ContentLength"] == 10
    listed = client.list_objects_v2(Bucket=store.bucket, Prefix=f"warehouse/{namespace}/orders/data/")
    assert [entry["Key"] for entry in listed["Contents"]] == [own["Key"]]
    upload = client.create_multipart_upload(**own)["UploadId"]
    part = client.upload_part(**own, UploadId=upload, PartNumber=1, Body=b"again")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    client.complete_multipart_upload(**own, UploadId=upload, MultipartUpload=parts)
    assert client.get_object(**own)["Body"].read() == b"again"
    client.copy_object(**{**own, "Key": f"warehouse/{namespace}/orders/data/copy"}, CopySource=own)
    client.delete_object(**own)
    assert store.keys(f"warehouse/{namespace}/orders/data/") == [f"warehouse/{namespace}/orders/data/copy"]


def test_pyicebergs_signer_goes_no_further(writer: httpx.Client, namespace: str, store: servers.Moto) -> None:
    for name in ("orders", "orders2"):
        wire.create(writer, namespace, name)
    client, home = s3(config_of(writer, namespace), servers.WRITER), f"warehouse/{namespace}"
    for key in (f"{home}/orders2/x", f"{home}/orders", f"{home}/x", "x", f"{home}/orders/../orders2/x"):
        other = {"Bucket": store.bucket, "Key": key}
        for call in (client.get_object, client.head_object, client.put_object, client.delete_object):
            with pytest.raises(SignError):
                call(**other)
    for prefix in ("", home, f"{home}/orders", f"{home}/orders2/"):
        with pytest.raises(SignError):
            client.list_objects_v2(Bucket=store.bucket, Prefix=prefix)
    metadata = store.keys(f"{home}/orders2/")[0]
    with pytest.raises(SignError):
        client.copy_object(
            Bucket=store.bucket, Key=f"{home}/orders/y", CopySource={"Bucket": store.bucket, "Key": metadata}
        )


def test_a_reader_has_reads_signed_alone(
    reader: httpx.Client, writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    file = wire.create(writer, namespace)["metadata-location"]
    client = s3(config_of(reader, namespace), servers.READER)
    own = {"Bucket": store.bucket, "Key": file.removeprefix(f"s3://{store.bucket}/")}
    assert client.get_object(**own)["Body"].read().startswith(b"{")
    for call in (client.put_object, client.delete_object, client.create_multipart_upload):
        with pytest.raises(SignError):
            call(**own)
    assert client.get_object(**own)["Body"].read().startswith(b"{")


def test_a_deletion_of_many_is_signed_for_its_own_alone(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    wire.create(writer, namespace)
    keys = [f"warehouse/{namespace}/orders/data/{number}" for number in range(3)]
    uri = f"{store.endpoint}/{store.bucket}?delete"
    objects = "".join(f"<Object><Key>{key}</Key></Object>" for key in keys)
    body = f"<Delete>{objects}</Delete>"
    answer = sign(writer, namespace, "POST", uri, body=body)
    assert answer.status_code == 200, answer.text
    headers = {name: values[0] for name, values in answer.json()["headers"].items()}
    # moto takes the signature, and then wants the right to delete on the bucket itself, which no table's role has.
    assert httpx.post(answer.json()["uri"], headers=headers, content=body).status_code == 200
    headers["x-amz-date"] = "20200101T000000Z"
    assert httpx.post(answer.json()["uri"], headers=headers, content=body).status_code == 403
    other = body.replace("orders/data/1", "orders2/data/1")
    wire.refused(sign(writer, namespace, "POST", uri, body=other), 403, "ForbiddenException")


def test_what_is_signed_cannot_be_bent_afterwards(writer: httpx.Client, namespace: str, store: servers.Moto) -> None:
    wire.create(writer, namespace)
    wire.create(writer, namespace, "orders2")
    uri = f"{store.endpoint}/{store.bucket}/warehouse/{namespace}/orders/x"
    given = sign(writer, namespace, "PUT", uri).json()
    headers = {name: values[0] for name, values in given["headers"].items()}
    assert httpx.put(given["uri"], headers=headers, content=b"x").status_code == 200
    assert httpx.put(given["uri"].replace("orders/", "orders2/"), headers=headers, content=b"x").status_code == 403
    assert httpx.delete(given["uri"], headers=headers).status_code == 403
    assert httpx.get(f"{store.endpoint}/{store.bucket}", headers=headers).status_code == 403


def test_what_slipped_through_would_be_refused_by_the_store(
    writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    """The key that signs is the table's own role's: the role has no more than the table."""
    wire.create(writer, namespace)
    uri = f"{store.endpoint}/{store.bucket}/warehouse/{namespace}/orders/x"
    given = sign(writer, namespace, "PUT", uri).json()
    credential = given["headers"]["authorization"][0].partition("Credential=")[2].partition("/")[0]
    assert credential != store.access_key_id
    assert store.secret_access_key not in str(given)


def test_an_outsider_and_a_table_that_is_not_there_are_refused(
    lake: servers.Catalog, writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    uri = f"{store.endpoint}/{store.bucket}/warehouse/{namespace}/orders/x"
    wire.refused(sign(writer, namespace, "GET", uri), 404, "NoSuchTableException")
    wire.create(writer, namespace)
    with lake.http(servers.OUTSIDER) as outsider:
        wire.refused(sign(outsider, namespace, "GET", uri), 403, "ForbiddenException")
    with lake.http(None) as nobody:
        wire.refused(sign(nobody, namespace, "GET", uri), 401, "NotAuthorizedException")


@pytest.mark.parametrize(
    "body",
    [{}, {"uri": "x"}, {"region": "r", "method": "GET", "uri": 1, "headers": {}}, {"headers": {"a": "b"}}, []],
)
def test_a_body_that_cannot_be_is_refused(writer: httpx.Client, namespace: str, body: Any) -> None:
    wire.create(writer, namespace)
    answer = writer.post(f"/namespaces/{namespace}/tables/orders/sign", json=body)
    wire.refused(answer, 400, "BadRequestException")


def test_a_moved_table_is_signed_for_where_it_is_now(writer: httpx.Client, namespace: str, store: servers.Moto) -> None:
    location = wire.create(writer, namespace)["metadata"]["location"]
    config = config_of(writer, namespace)
    wire.commit(writer, namespace, "orders", [{"action": "set-location", "location": f"{location}-moved"}])
    client = s3(config, servers.WRITER)
    with pytest.raises(SignError):
        client.put_object(Bucket=store.bucket, Key=f"warehouse/{namespace}/orders/x", Body=b"")
    client.put_object(Bucket=store.bucket, Key=f"warehouse/{namespace}/orders-moved/x", Body=b"")


def test_a_staged_table_is_signed_for_with_its_ticket(
    lake: servers.Catalog, reader: httpx.Client, writer: httpx.Client, namespace: str, store: servers.Moto
) -> None:
    config = wire.create(writer, namespace, **{"stage-create": True}, headers=SIGNED)["config"]
    key = f"warehouse/{namespace}/orders/data/x"
    s3(config, servers.WRITER).put_object(Bucket=store.bucket, Key=key, Body=b"")
    for other in (f"warehouse/{namespace}/x", f"warehouse/{namespace}/orders2/x"):
        with pytest.raises(SignError):
            s3(config, servers.WRITER).put_object(Bucket=store.bucket, Key=other, Body=b"")
    body = {"region": "r", "method": "GET", "uri": f"{store.endpoint}/{store.bucket}/{quote(key)}"}
    path = config["s3.signer.endpoint"]
    wire.refused(reader.post(f"{lake.uri}/{path}", json=body), 403, "ForbiddenException")
    changed = (f"{path}x", path.replace("/orders/", "/orders2/"), f"{path.partition('=')[0]}=x.y")
    for one in changed:
        wire.refused(writer.post(f"{lake.uri}/{one}", json=body), 403, "ForbiddenException")
    wire.create(writer, namespace, "thief", location=f"s3://{store.bucket}/warehouse/{namespace}/orders/data")
    wire.refused(writer.post(f"{lake.uri}/{path}", json=body), 403, "ForbiddenException")
