"""The gate before the emulator, as processes: who is let through, and what a token's boundary holds back."""

from __future__ import annotations

import json
import time
from contextlib import closing
from datetime import datetime
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import servers
import stores
from pyarrow import fs

from lakebook.stack import object_store
from tinylake.catalog import gcs_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakebook.stack.launcher import Running

BUCKET = object_store.WAREHOUSE_BUCKET
HOME, SIBLING = "w/orders/", "w/orders2/"
OBJECTS, UPLOADS = f"/storage/v1/b/{BUCKET}/o", f"/upload/storage/v1/b/{BUCKET}/o"
GENERATE = "/v1/projects/-/serviceAccounts/lake@lake.iam.gserviceaccount.com:generateAccessToken"


@pytest.fixture(scope="module", params=stores.here("fake_gcs"))
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with stores.running(request.param, tmp_path_factory.mktemp("gcs")) as running:
        with owner(running) as client:
            for home in (HOME, SIBLING):
                put(client, f"{home}a").raise_for_status()
        yield running


def owner_token(store: Running) -> str:
    return store.endpoint.secrets["catalog_token"]


def owner(store: Running) -> httpx.Client:
    return holding(store, owner_token(store))


def holding(store: Running, token: str) -> httpx.Client:
    return httpx.Client(base_url=store.endpoint.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)


def exchange(store: Running, *, source: str = "", options: Any = None, **other: str) -> httpx.Response:
    boundary = gcs_tokens.boundary(f"gs://{BUCKET}/{HOME}", "write")
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": gcs_tokens.ACCESS_TOKEN,
        "requested_token_type": gcs_tokens.ACCESS_TOKEN,
        "subject_token": source or owner_token(store),
        "options": json.dumps(options or boundary),
        **other,
    }
    return httpx.post(f"{store.endpoint.url}/v1/token", data=form, timeout=30)


def narrowed(store: Running, grant: Any = "write") -> httpx.Client:
    options = gcs_tokens.boundary(f"gs://{BUCKET}/{HOME}", grant)
    return holding(store, exchange(store, options=options).raise_for_status().json()["access_token"])


def at(name: str) -> str:
    return f"{OBJECTS}/{name.replace('/', '%2F')}"


def put(client: httpx.Client, name: str, content: bytes = b"content") -> httpx.Response:
    return client.post(UPLOADS, params={"uploadType": "media", "name": name}, content=content)


def test_without_a_token_that_is_known_nothing_is_answered(store: Running) -> None:
    for sent in (
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": owner_token(store)},
    ):
        for method, path in (("GET", at(f"{HOME}a")), ("GET", OBJECTS), ("POST", UPLOADS), ("POST", GENERATE)):
            answer = httpx.request(method, f"{store.endpoint.url}{path}", headers=sent)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert answer.json()["error"]["status"] == "UNAUTHENTICATED"


def test_an_owner_does_everything(store: Running) -> None:
    with owner(store) as client:
        assert client.get("/storage/v1/b/none").status_code == 404  # the emulator's answer
        assert client.get(f"/storage/v1/b/{BUCKET}").json()["name"] == BUCKET
        assert put(client, "any/where").status_code == 200
        assert client.delete(at("any/where")).status_code == 200


def operations(client: httpx.Client, home: str) -> dict[str, int]:
    """The status of each operation on what lies in a folder, or into it, from the folder of the token or to it."""
    metadata = json.dumps({"name": f"{home}m"})
    put_parts = f"--x\r\ncontent-type: application/json\r\n\r\n{metadata}\r\n--x\r\n\r\nb\r\n--x--"
    related = {"content-type": "multipart/related; boundary=x"}
    source = {"sourceObjects": [{"name": f"{home}a"}]}
    resumable = {"uploadType": "resumable"}
    answers = {
        "read": client.get(at(f"{home}a"), params={"alt": "media"}),
        "download": client.get(f"/download{at(f'{home}a')}"),
        "metadata": client.get(at(f"{home}a")),
        "list": client.get(OBJECTS, params={"prefix": home}),
        "put": put(client, f"{home}p"),
        "put in parts": client.post(UPLOADS, params={"uploadType": "multipart"}, content=put_parts, headers=related),
        "begin": client.post(UPLOADS, params={**resumable, "name": f"{home}r"}),
        "begin by the body": client.post(UPLOADS, params=resumable, json={"name": f"{home}r"}),
        "copy from": client.post(f"{at(f'{home}a')}/rewriteTo/b/{BUCKET}/o/{HOME.replace('/', '%2F')}c"),
        "copy to": client.post(f"{at(f'{HOME}a')}/rewriteTo/b/{BUCKET}/o/{home.replace('/', '%2F')}c"),
        "compose from": client.post(f"{at(f'{HOME}d')}/compose", json=source),
        "compose to": client.post(f"{at(f'{home}d')}/compose", json={"sourceObjects": [{"name": f"{HOME}a"}]}),
        "change": client.patch(at(f"{home}a"), json={"metadata": {"k": "v"}}),
        "delete": client.delete(at(f"{home}victim")),
    }
    return {name: answer.status_code for name, answer in answers.items()}


def test_a_tables_token_does_all_in_its_table_and_nothing_in_its_sibling(store: Running) -> None:
    with owner(store) as mine, narrowed(store) as client:
        for home in (HOME, SIBLING):
            put(mine, f"{home}victim")
        inside = operations(client, HOME)
        assert {name for name, status in inside.items() if status != 200} == set()
        assert set(operations(client, SIBLING).values()) == {403}
        assert mine.get(at(f"{SIBLING}victim")).status_code == 200
        for prefix in ("", "w/", "w/orders", SIBLING):
            assert client.get(OBJECTS, params={"prefix": prefix}).status_code == 403
        refused = client.get(at(f"{SIBLING}a")).json()["error"]
        assert refused["status"] == "PERMISSION_DENIED"
        assert "storage.objects.get" in refused["message"]


def test_a_readers_token_reads_its_table_and_changes_nothing(store: Running) -> None:
    with owner(store) as mine, narrowed(store, "read") as client:
        put(mine, f"{HOME}victim")
        inside = operations(client, HOME)
        assert {name for name, status in inside.items() if status == 200} == {
            "read",
            "download",
            "metadata",
            "list",
        }
        assert set(inside.values()) == {200, 403}


def test_a_tables_token_is_not_for_buckets_access_lists_batches_or_other_spellings(store: Running) -> None:
    with narrowed(store) as client:
        for path in ("/storage/v1/b", f"/storage/v1/b/{BUCKET}", f"{at(f'{HOME}a')}/acl", f"{OBJECTS}/{HOME}a"):
            assert client.get(path).status_code == 403
        assert client.post("/batch/storage/v1").status_code == 403
        assert client.post(GENERATE).status_code == 403
        assert client.post("/_internal/delete_all").status_code == 403
        elsewhere = {"name": f"{HOME}x", "bucket": object_store.SOURCE_BUCKET}
        assert client.post(UPLOADS, params={"uploadType": "resumable"}, json=elsewhere).status_code == 403
        wide = (f"{OBJECTS}?prefix={HOME};x", f"{OBJECTS}?prefix={HOME}%zz")  # the emulator drops such a prefix
        for path in (f"{at(f'{HOME}a')}/../b", f"{OBJECTS}/%2e%2E/a", f"/{BUCKET}/{HOME}a", *wide):
            assert raw_status(store, path, client.headers["authorization"]) in {400, 403}


def raw_status(store: Running, path: str, authorization: str) -> int:
    """What is answered to a path that is sent as it is: httpx would put its dots in order."""
    connection = HTTPConnection(store.endpoint.url.removeprefix("http://"))
    with closing(connection):
        connection.request("GET", path, headers={"Authorization": authorization})
        return connection.getresponse().status


def test_a_whole_upload_goes_through_and_a_range_comes_back(store: Running) -> None:
    content = bytes(range(256)) * 2048
    with narrowed(store) as client:
        begun = client.post(UPLOADS, params={"uploadType": "resumable", "name": f"{HOME}big"})
        session = begun.headers["location"]
        assert session.startswith(store.endpoint.url)
        half = len(content) // 2
        first = {"content-range": f"bytes 0-{half - 1}/*"}
        assert client.put(session, content=content[:half], headers=first).status_code == 308
        last = {"content-range": f"bytes {half}-{len(content) - 1}/{len(content)}"}
        assert httpx.put(session, content=content[half:], headers=last).status_code == 200  # who knows the address may
        part = client.get(at(f"{HOME}big"), params={"alt": "media"}, headers={"range": "bytes=300-309"})
        assert (part.status_code, part.content) == (206, content[300:310])
        assert client.get(at(f"{HOME}big"), params={"alt": "media"}).content == content


def test_pyarrow_works_with_a_tables_token(store: Running) -> None:
    token = exchange(store).json()["access_token"]
    never = datetime.fromisoformat("2100-01-01T00:00:00Z")
    address = store.endpoint.url.removeprefix("http://")
    files = fs.GcsFileSystem(
        access_token=token, credential_token_expiration=never, scheme="http", endpoint_override=address
    )
    with files.open_output_stream(f"{BUCKET}/{HOME}arrow") as out:
        out.write(b"x" * 3_000_000)
    assert files.open_input_file(f"{BUCKET}/{HOME}arrow").read_at(2, 5) == b"xx"
    assert f"{BUCKET}/{HOME}arrow" in {
        one.path for one in files.get_file_info(fs.FileSelector(f"{BUCKET}/{HOME.rstrip('/')}", recursive=True))
    }
    files.delete_file(f"{BUCKET}/{HOME}arrow")
    with pytest.raises(OSError, match=r"403|PERMISSION_DENIED"):
        files.open_input_file(f"{BUCKET}/{SIBLING}a").read()


def test_an_exchange_that_is_not_googles_gives_no_token(store: Running) -> None:
    downscoped = exchange(store).json()["access_token"]
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"grant_type": "client_credentials"}, "invalid_request"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:jwt"}, "invalid_request"),
        ({"requested_token_type": "urn:ietf:params:oauth:token-type:jwt"}, "invalid_request"),
        ({"options": {"accessBoundary": {}}}, "invalid_request"),
        ({"source": "unknown"}, "invalid_grant"),
        ({"source": downscoped}, "invalid_grant"),
    ]
    for given, error in wrong:
        answer = exchange(store, **given)
        assert (answer.status_code, answer.json()["error"]) == (400, error)
        assert "access_token" not in answer.json()


def test_a_token_lasts_an_hour_unless_its_source_ends_before(store: Running) -> None:
    whole = exchange(store).json()
    assert 3590 < whole["expires_in"] <= 3600
    assert (whole["token_type"], whole["issued_token_type"]) == ("Bearer", gcs_tokens.ACCESS_TOKEN)
    with owner(store) as mine:
        assert mine.post(GENERATE, json={"scope": ["s"], "lifetime": "3601s"}).status_code == 400
        brief = mine.post(GENERATE, json={"scope": ["s"], "lifetime": "2s"}).json()
    ends = datetime.fromisoformat(brief["expireTime"]).timestamp()
    token = exchange(store, source=brief["accessToken"]).json()["access_token"]
    with holding(store, token) as client, holding(store, brief["accessToken"]) as source:
        assert client.get(at(f"{HOME}a")).status_code == source.get(at(f"{SIBLING}a")).status_code == 200
        servers.poll("the token to be over", lambda: client.get(at(f"{HOME}a")).status_code == 401)
        assert 0 <= time.time() - ends < 1
        assert source.get(at(f"{SIBLING}a")).status_code == 401
        assert exchange(store, source=brief["accessToken"]).json()["error"] == "invalid_grant"


def test_no_token_is_written_to_the_log(store: Running) -> None:
    token = exchange(store).json()["access_token"]
    with holding(store, token) as client:
        client.get(at(f"{SIBLING}a"))
    assert store.process
    log = store.process.log.read_text()
    assert token not in log
    assert owner_token(store) not in log
