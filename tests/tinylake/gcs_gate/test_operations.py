"""What a request needs, and that what could mean two things, or is not known, is good for nothing."""

from __future__ import annotations

import json

import pytest

from tinylake.gcs_gate import operations
from tinylake.gcs_gate.boundary import Asked
from tinylake.gcs_gate.operations import Request

B = "/storage/v1/b/lake/o"
UPLOAD = "/upload/storage/v1/b/lake/o"
RELATED = "multipart/related; boundary=x"
PARTS = "--x\r\ncontent-type: application/json\r\n\r\n{}\r\n--x\r\n\r\nbytes\r\n--x--"


def asked(method: str, path: str, query: str = "", *, body: str = "", kind: str = "") -> set[Asked]:
    return set(operations.asked(Request(method, path, query, {"content-type": kind}, body.encode())))


def test_each_operation_on_an_object_needs_its_permission() -> None:
    one = f"{B}/w%2Forders%2Fa"
    needed = {"GET": "get", "HEAD": "get", "PUT": "update", "PATCH": "update", "POST": "update", "DELETE": "delete"}
    for method, permission in needed.items():
        assert asked(method, one, "alt=media") == {Asked(permission, "lake", "w/orders/a")}  # type: ignore[arg-type]
    assert asked("GET", f"/download{one}") == {Asked("get", "lake", "w/orders/a")}


def test_a_listing_is_of_every_prefix_that_is_given() -> None:
    assert asked("GET", B) == {Asked("list", "lake", prefix="")}
    assert asked("GET", B, "prefix=") == {Asked("list", "lake", prefix="")}
    given = {Asked("list", "lake", prefix="w/orders/"), Asked("list", "lake", prefix="x")}
    assert asked("GET", B, "prefix=w%2Forders%2F&prefix=x") == given


def test_a_copy_reads_its_source_and_makes_its_target() -> None:
    for kind in ("rewriteTo", "copyTo"):
        needed = {Asked("get", "lake", "s"), Asked("create", "other", "t/u")}
        assert asked("POST", f"{B}/s/{kind}/b/other/o/t%2Fu") == needed


def test_a_composition_reads_all_its_sources() -> None:
    for names in (("name", "sourceObjects"), ("Name", "SOURCEOBJECTS")):
        body = json.dumps({names[1]: [{names[0]: "a"}, {names[0]: "b"}]})
        needed = {Asked("get", "lake", "a"), Asked("get", "lake", "b"), Asked("create", "lake", "t")}
        assert asked("POST", f"{B}/t/compose", body=body) == needed


@pytest.mark.parametrize(
    ("query", "body", "kind", "objects"),
    [
        ("uploadType=media&name=a", "bytes", "", {"lake/a"}),
        ("uploadType=media&name=a&name=b", "bytes", "", {"lake/a", "lake/b"}),
        ("uploadType=resumable&name=a", "", "", {"lake/a"}),
        ("uploadType=resumable", '{"name": "a"}', "", {"lake/a"}),
        ("uploadType=resumable&name=a", '{"name": "b"}', "", {"lake/a", "lake/b"}),
        ("uploadType=resumable", '{"name": "a", "bucket": "other"}', "", {"lake/a", "other/a"}),
        ("uploadType=resumable", '{"NAME": "a", "Bucket": "other"}', "", {"lake/a", "other/a"}),
        ("uploadType=multipart", PARTS.replace("{}", '{"name": "a"}'), RELATED, {"lake/a"}),
        ("uploadType=multipart&name=a", PARTS.replace("{}", '{"name": "b"}'), RELATED, {"lake/a", "lake/b"}),
        ("uploadType=multipart", PARTS.replace("{}", '{"name": "a"}'), 'multipart/related; boundary="x"', {"lake/a"}),
    ],
)
def test_an_upload_needs_every_name_and_bucket_that_it_gives(
    query: str, body: str, kind: str, objects: set[str]
) -> None:
    needed = {Asked("create", *one.split("/")) for one in objects}  # type: ignore[arg-type]
    assert asked("POST", UPLOAD, query, body=body, kind=kind) == needed


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "/storage/v1/b", "", ""),
        ("GET", "/storage/v1/b/lake", "", ""),
        ("DELETE", "/storage/v1/b/lake", "", ""),
        ("GET", "/storage/v1/b/lake/acl", "", ""),
        ("GET", f"{B}/a/acl", "", ""),
        ("POST", f"{B}/a/acl", "", "{}"),
        ("GET", f"{B}/w/orders/a", "", ""),
        ("POST", f"{B}/s/rewriteTo/b/lake/o/t/u", "", ""),
        ("POST", f"{B}/t/compose", "", "{}"),
        ("POST", f"{B}/t/compose", "", '{"sourceObjects": ["a"]}'),
        ("POST", f"{B}/t/compose", "", '{"sourceObjects": [{"name": "a"}], "sourceobjects": [{"name": "b"}]}'),
        ("POST", UPLOAD, "name=a", ""),
        ("POST", UPLOAD, "uploadType=media", ""),
        ("POST", UPLOAD, "uploadType=media&uploadType=resumable&name=a", ""),
        ("POST", UPLOAD, "uploadType=resumable&name=a", "[]"),
        ("POST", UPLOAD, "uploadType=resumable", '{"name": "a", "Name": "b"}'),
        ("POST", UPLOAD, "uploadType=multipart&name=a", "no parts"),
        ("PUT", UPLOAD, "name=a", ""),
        ("POST", "/batch/storage/v1", "", ""),
        ("PUT", "/lake/a", "", "bytes"),
        ("GET", "/lake/a", "", ""),
        ("GET", "/lake", "", ""),
        ("GET", "/_internal/config", "", ""),
    ],
)
def test_what_is_not_known_for_sure_is_for_an_owner(method: str, path: str, query: str, body: str) -> None:
    assert asked(method, path, query, body=body) == set()


@pytest.mark.parametrize(
    "body",
    [
        f"before --x\r\n\r\n{{}}\r\n{PARTS}",
        PARTS.replace("--x\r\ncontent", "--xy\r\ncontent", 1),
        PARTS.replace("--x\r\ncontent", "--x--\r\ncontent", 1),
    ],
)
def test_a_first_part_that_others_might_not_take_for_the_first_is_none(body: str) -> None:
    named = body.replace("{}", '{"name": "a"}')
    assert asked("POST", UPLOAD, "uploadType=multipart", body=named, kind=RELATED) == set()
    assert asked("POST", UPLOAD, "uploadType=multipart", body=PARTS, kind="text/plain; boundary=x") == set()


def test_names_in_json_are_told_apart_as_the_emulator_tells_them() -> None:
    body = '{"name": "a", "buc\u212aet": "other"}'  # the sign of Kelvin is a k
    needed = {Asked("create", "lake", "a"), Asked("create", "other", "a")}
    assert asked("POST", UPLOAD, "uploadType=resumable", body=body) == needed


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (B, "prefix=w/orders/;x"),
        (B, "prefix=w/orders/%zz"),
        (B, "prefix=w/orders/%2"),
        (f"{B}/%", ""),
        (f"{B}/../a", ""),
        (f"{B}/%2e%2E/a", ""),
        (f"{B}/./a", ""),
    ],
)
def test_an_address_that_can_be_read_in_two_ways_is_not_plain(path: str, query: str) -> None:
    assert not operations.is_plain(Request("GET", path, query, {}, b""))
    assert operations.is_plain(Request("GET", f"{B}/w%2Forders%2F..a;b", "prefix=w%2Forders%2F%3Bx", {}, b""))


def test_an_upload_that_was_begun_goes_on_by_its_address() -> None:
    def goes_on(method: str, query: str, path: str = UPLOAD) -> bool:
        return operations.is_session(Request(method, path, query, {}, b""))

    assert goes_on("PUT", "uploadType=resumable&upload_id=0a")
    assert goes_on("DELETE", "upload_id=0a")
    assert not goes_on("POST", "uploadType=media&name=a&upload_id=0a")
    assert not goes_on("PUT", "upload_id=")
    assert not goes_on("PUT", "upload_id=0a", f"{B}/a")
