"""What may be signed, without a server: every way out of a table's location that its author could think of."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tinylake.catalog import errors, s3_requests, signable, sigv4
from tinylake.catalog.vending import Session

ENDPOINT = "http://store:9000"
HOME = f"{ENDPOINT}/lake-bucket/w/n/orders"
LOCATION = "s3://lake-bucket/w/n/orders/"
COPY = "x-amz-copy-source"


def ask(method: str, uri: str, grant: Any = "write", body: str | None = None, **headers: str) -> str | None:
    """The hash that the body must have; CatalogError when the request is refused."""
    given = {name.replace("_", "-"): [value] for name, value in headers.items()}
    return signable.check(s3_requests.read(ENDPOINT, method, uri, given), LOCATION, grant, body)


def refused(*asked: Any, **more: Any) -> int:
    with pytest.raises(errors.CatalogError) as raised:
        ask(*asked, **more)
    return raised.value.status


READS = [
    ("GET", f"{HOME}/data/x.parquet"),
    ("GET", f"{HOME}/data/x.parquet?x-id=GetObject"),
    ("GET", f"{HOME}/data/a=b%252Fc/x%20y%2Bz.parquet"),
    ("HEAD", f"{HOME}/metadata/v1.json"),
    ("GET", f"{ENDPOINT}/lake-bucket?list-type=2&prefix=w%2Fn%2Forders%2F&delimiter=%2F"),
    ("GET", f"{ENDPOINT}/lake-bucket/?prefix=w/n/orders/data/&marker=x"),
]
WRITES = [
    ("PUT", f"{HOME}/data/x.parquet"),
    ("POST", f"{HOME}/data/x.parquet?uploads"),
    ("PUT", f"{HOME}/data/x.parquet?partNumber=1&uploadId=u"),
    ("POST", f"{HOME}/data/x.parquet?uploadId=u"),
    ("GET", f"{HOME}/data/x.parquet?uploadId=u"),
    ("DELETE", f"{HOME}/data/x.parquet?uploadId=u"),
    ("DELETE", f"{HOME}/data/x.parquet"),
]


@pytest.mark.parametrize(("method", "uri"), READS)
def test_reads_are_signed_for_every_grant(method: str, uri: str) -> None:
    assert ask(method, uri, "read") is None
    assert ask(method, uri, "write") is None


@pytest.mark.parametrize(("method", "uri"), WRITES)
def test_writes_are_signed_for_a_write_grant_alone(method: str, uri: str) -> None:
    assert ask(method, uri, "write") is None
    assert refused(method, uri, "read") == 403


OUTSIDE = [
    "/lake-bucket/w/n/orders2/x",
    "/lake-bucket/w/n/orders",
    "/lake-bucket/w/n/orders-x/y",
    "/lake-bucket/w/n/x",
    "/lake-bucket/W/n/orders/x",
    "/lake-bucket//w/n/orders/x",
    "/other-bucket/w/n/orders/x",
    "/lake-bucket2/w/n/orders/x",
    "/lake-bucket/w/n/orders/../orders2/x",
    "/lake-bucket/w/n/orders/./x",
    "/lake-bucket/w/n/orders/..",
    "/lake-bucket/w/n/orders/%2e%2e/orders2/x",
    "/lake-bucket/w/n/orders/%2E./orders2/x",
    "/lake-bucket/w/n/orders/%252e%252e/orders2/x",
    "/lake-bucket/w/n/orders/%25252e%25252e%25252forders2/x",
    "/lake-bucket/w/n/orders%2F..%2Forders2/x",
    "/lake-bucket/w/n/orders/..%5Corders2/x",
    "/lake-bucket/w/n/orders/a%00b",
    "/lake-bucket/w/n/orders/a%0d%0ab",
    "/lake-bucket/x/../w/n/orders/x",
]


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_keys_outside_of_the_table_are_refused(path: str, method: str) -> None:
    assert refused(method, f"{ENDPOINT}{path}") == 403


@pytest.mark.parametrize(
    "uri",
    [
        f"http://elsewhere:9000{HOME.removeprefix(ENDPOINT)}/x",
        f"http://store{HOME.removeprefix(ENDPOINT)}/x",
        f"https://store:9000{HOME.removeprefix(ENDPOINT)}/x",
        f"http://store:9000@elsewhere{HOME.removeprefix(ENDPOINT)}/x",
        f"http://elsewhere@store:9000{HOME.removeprefix(ENDPOINT)}/x",
        f"http://lake-bucket.store:9000{HOME.removeprefix(ENDPOINT)}/x",
        f"{HOME}/x#/../y",
        f"{HOME}/x y",
        f"{HOME}/x\n",
        f"{HOME}/ä",
        f"{HOME}/%zz",
        f"{HOME}/%",
        f"{HOME}/%ff",
        f"{HOME}/x?prefix=%ff",
        f"{HOME}/x?a=1&a=2",
        f"{HOME}/x?a+b=1",
        f"{HOME}/x;y?a;b=1",
        "http://store:port/lake-bucket/w/n/orders/x",
        f"{ENDPOINT}/",
        f"{ENDPOINT}//lake-bucket/w/n/orders/x",
        f"{ENDPOINT}/lake%2Dbucket/w/n/orders/x",
        "/lake-bucket/w/n/orders/x",
        "",
    ],
)
def test_an_address_that_is_not_plainly_the_stores_is_refused(uri: str) -> None:
    assert refused("GET", uri) in {400, 403}


@pytest.mark.parametrize(
    "query",
    ["acl", "policy", "tagging", "versions", "uploads", "versionId=1", "attributes", "torrent", "X-Amz-Signature=x"],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_operations_on_an_object_are_refused(query: str, method: str) -> None:
    assert refused(method, f"{HOME}/x?{query}") == 403


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?list-type=2",
        "?list-type=2&prefix=",
        "?list-type=2&prefix=w/n/orders",
        "?list-type=2&prefix=w/n/",
        "?list-type=2&prefix=w/n/orders2/",
        "?list-type=2&prefix=w/n/orders/../",
        "?list-type=2&prefix=w/n/orders/%252e%252e/",
        "?list-type=2&prefix=w/n/orders/&prefix=",
        "?list-type=2&prefix=w/n/orders/&versions",
        "?list-type=2&Prefix=w/n/orders/",
        "?prefix=w/n/orders/&uploads",
        "?location",
        "?acl",
        "?policy",
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_other_listings_of_the_bucket_are_refused(query: str, slash: str) -> None:
    assert refused("GET", f"{ENDPOINT}/lake-bucket{slash}{query}") in {400, 403}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "POST", "OPTIONS", "PATCH", "get ", "GET\r\n"])
def test_other_methods_on_the_bucket_are_refused(method: str) -> None:
    assert refused(method, f"{ENDPOINT}/lake-bucket?prefix=w/n/orders/") in {400, 403}


@pytest.mark.parametrize("source", ["/lake-bucket/w/n/orders/y", "lake-bucket/w/n/orders/a%20b"])
def test_a_copy_within_the_table_is_signed(source: str) -> None:
    assert ask("PUT", f"{HOME}/x", **{COPY: source}) is None


@pytest.mark.parametrize(
    "source",
    [
        "/lake-bucket/w/n/orders2/y",
        "/lake-bucket/w/n/orders/../orders2/y",
        "/lake-bucket/w/n/orders/%2e%2e/orders2/y",
        "/lake-bucket/w%2Fn%2Forders2/y",
        "/other-bucket/w/n/orders/y",
        "//lake-bucket/w/n/orders/y",
        "/lake-bucket/w/n/orders/y?versionId=1",
        "/lake-bucket/w/n/orders/a+b",
        "arn:aws:s3:eu-west-1:1:accesspoint/a/object/w/n/orders/y",
        "/lake-bucket/w/n/orders/y,/lake-bucket/w/n/orders2/y/../../../../../secret",
        "",
    ],
)
def test_a_copy_from_elsewhere_is_refused(source: str) -> None:
    assert refused("PUT", f"{HOME}/x", **{COPY: source}) == 403
    assert refused("PUT", f"{HOME}/x?partNumber=1&uploadId=u", **{COPY.title(): source}) == 403


@pytest.mark.parametrize(
    "header",
    ["x-amz-acl", "X-Amz-Grant-Read", "x-amz-security-token", "x-amz-tagging", "x-amz-object-lock-mode", "x-amz-foo"],
)
def test_headers_that_would_do_more_are_refused(header: str) -> None:
    assert refused("PUT", f"{HOME}/x", **{header: "public-read"}) == 403


def test_headers_that_cannot_be_sent_are_refused() -> None:
    assert refused("GET", f"{HOME}/x", Host="elsewhere:9000") == 400
    assert refused("GET", f"{HOME}/x", range="bytes=0-1\r\nx-amz-acl: public-read") == 400
    assert refused("GET", f"{HOME}/x", Range="bytes=0-1", range="bytes=0-2") == 400
    assert refused("PUT", f"{HOME}/x", x_amz_content_sha256="STREAMING-AWS4-HMAC-SHA256-PAYLOAD") == 403


def delete(*keys: str, more: str = "") -> str:
    objects = "".join(f"<Object><Key>{key}</Key>{more}</Object>" for key in keys)
    return f'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{objects}<Quiet>true</Quiet></Delete>'


MANY = f"{ENDPOINT}/lake-bucket?delete"


def test_a_deletion_of_many_is_bound_to_the_body_that_was_read() -> None:
    body = delete("w/n/orders/x", "w/n/orders/y")
    own = hashlib.sha256(body.encode()).hexdigest()
    assert ask("POST", MANY, body=body) == own
    assert ask("POST", MANY, body=body, x_amz_content_sha256=own) == own
    assert refused("POST", MANY, body=body, x_amz_content_sha256="UNSIGNED-PAYLOAD") == 403
    assert refused("POST", MANY, "read", body) == 403


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "x",
        delete(),
        delete("w/n/orders/x", "w/n/orders2/y"),
        delete("w/n/orders/../orders2/y"),
        delete("w/n/orders/%2e%2e/orders2/y"),
        delete(""),
        delete("w/n/orders/x", more="<VersionId>1</VersionId>"),
        delete("w/n/orders/x", more="<Key>w/n/orders2/x</Key>"),
        "<Delete><Object></Object></Delete>",
        "<Delete><Other><Key>w/n/orders/x</Key></Other></Delete>",
        '<!DOCTYPE d [<!ENTITY k "w/n/orders2/x">]><Delete><Object><Key>&k;</Key></Object></Delete>',
    ],
)
def test_a_deletion_of_anything_else_is_refused(body: str | None) -> None:
    assert refused("POST", MANY, body=body) in {400, 403}


def test_a_signature_is_the_one_that_botocore_makes() -> None:
    uri = f"{HOME}/data/a%20b/x.parquet?partNumber=2&uploadId=a%2Fb%3D"
    theirs = AWSRequest("PUT", uri, {"x-amz-meta-b": "two  words "})
    signer = S3SigV4Auth(Credentials("AKIA", "secret", "token"), "s3", "eu-west-1")
    signer.payload = lambda _: "UNSIGNED-PAYLOAD"
    signer.add_auth(theirs)
    moment = datetime.strptime(theirs.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    sent = {"x-amz-meta-b": ["two  words "], "Content-Type": ["text/plain"]}
    session = Session("AKIA", "secret", "token", 0)
    mine = sigv4.headers(s3_requests.read(ENDPOINT, "PUT", uri, sent), session, "eu-west-1", moment, None)
    assert mine["authorization"] == theirs.headers["Authorization"]
    assert mine["x-amz-security-token"] == "token"
    assert "x-amz-meta-b" not in mine, "what was sent is not sent back, else a client would send it twice"
