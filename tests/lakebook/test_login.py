"""Each way to log in, against a server that demands it: PyIceberg, DuckDB and raw requests get in, others do not."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace

import pytest
import servers
from pyiceberg.exceptions import NoSuchNamespaceError

from lakebook import login, s3, secret
from lakebook.data import events
from lakebook.errors import LakebookError, ServiceError
from lakebook.lake.catalog import Catalog
from lakebook.lake.duckdb import DuckDB
from lakebook.stack import ports

ROWS = events(1, 5).files[0].rows
KEYS = s3.Keys("AKIDOFALAKEBOOKTEST", "the-secret-of-that-key")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with servers.moto(tmp_path_factory.mktemp("moto")) as made:
        yield made


@pytest.fixture(scope="module")
def lake(store, tmp_path_factory):
    with servers.catalog(store, tmp_path_factory.mktemp("catalog")) as made:
        yield made


def client(url, store, one):
    properties = {"s3.endpoint": store.endpoint, "s3.region": store.region, "s3.path-style-access": "true"}
    return Catalog(url, "lake", "lake", {"write": one, "read": one}, properties)


@contextmanager
def front(to, *arguments, folder):
    """A server in front of the catalog, which lets in only what it is told to."""
    port = ports.free()
    command = [sys.executable, str(folder / "front.py"), str(port), to, *arguments]
    (folder / "front.py").write_text(FRONT)
    server = servers.launch(command, folder / "front.log")
    try:
        servers.await_answer(server, f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()


# Verifies each signature as AWS does, with botocore on the request as it came, and passes it on with a token.
# `open` asks for nothing, and refuses whoever sends credentials nevertheless; so does `untold`, which keeps the prefix.
FRONT = """
import json
import sys
import httpx
import uvicorn
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

port, to, token, kind, *key = sys.argv[1:]
http = httpx.AsyncClient(base_url=to, timeout=60)


def signed(method, url, headers, body):
    authorization = headers.get("authorization", "")
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        return False
    parts = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))
    key_id, _, region, service, _ = parts["Credential"].split("/")
    names = parts["SignedHeaders"].split(";")
    request = AWSRequest(method, url, {name: headers[name] for name in names if name in headers}, body)
    request.context["timestamp"] = headers["x-amz-date"]
    signer = SigV4Auth(Credentials(key[0], key[1]), service, region)
    canonical = signer.canonical_request(request)
    expected = signer.signature(signer.string_to_sign(request, canonical), request)
    return key_id == key[0] and (region, service) == ("eu-central-1", "lake") and parts["Signature"] == expected


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    path = scope["raw_path"].decode() + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
    url = f"http://{headers['host']}{path}"
    allowed = path == "/health" or (
        "authorization" not in headers if kind in {"open", "untold"} else signed(scope["method"], url, headers, body)
    )
    if allowed:
        passed = {name: headers[name] for name in ("content-type", "x-iceberg-access-delegation") if name in headers}
        answer = await http.request(
            scope["method"], path, content=body, headers={**passed, "authorization": f"Bearer {token}"}
        )
        status, content = answer.status_code, answer.content
        if kind == "untold" and path.startswith("/v1/config"):
            told = answer.json()
            content = json.dumps({**told, "defaults": {}, "overrides": {}}).encode()
    else:
        print("refused", scope["method"], url, headers, flush=True)
        status = 403
        content = b'{"error": {"message": "not signed as it must be", "type": "ForbiddenException", "code": 403}}'
    kept = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": kept})
    await send({"type": "http.response.body", "body": content})


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
"""


def lets_in(catalog, namespace, duckdb=True):
    """Write with PyIceberg, read with DuckDB, and ask over raw HTTP, with and without a body."""
    made = catalog.client()
    made.create_namespace(namespace)
    made.create_table((namespace, "orders"), ROWS.schema).append(ROWS)
    assert made.load_table((namespace, "orders")).scan().to_arrow().num_rows == ROWS.num_rows
    assert catalog.ask("GET", "/v1/lake/namespaces?pageSize=5&pageToken=").status == 200
    assert catalog.ask("POST", "/v1/lake/namespaces", json={"namespace": [f"{namespace}_raw"]}).status == 200
    if duckdb:
        rows = DuckDB(catalog).sql(f'SELECT count(*) FROM lake."{namespace}"."orders"').column(0)[0].as_py()
        assert rows == ROWS.num_rows


def keeps_out(catalog):
    assert catalog.ask("GET", "/v1/lake/namespaces").status in {401, 403}
    with pytest.raises(Exception, match=r"(?i)forbidden|unauthorized|not signed|authenticate|token"):
        catalog.client().list_namespaces()


def test_a_token_lets_in_and_a_wrong_one_does_not(lake, store):
    lets_in(client(lake.uri, store, login.Bearer(servers.WRITER)), "by_token")
    keeps_out(client(lake.uri, store, login.Bearer("a-wrong-token")))


def test_nothing_is_sent_where_nothing_is_asked_for(lake, store, tmp_path):
    with front(lake.uri, servers.WRITER, "open", folder=tmp_path) as url:
        lets_in(client(url, store, login.NoLogin()), "openly")
        keeps_out(client(url, store, login.Bearer(servers.WRITER)))


def test_a_prefix_that_the_configuration_does_not_tell_is_given_to_the_client(lake, store, tmp_path):
    with front(lake.uri, servers.WRITER, "untold", folder=tmp_path) as url:
        without = client(url, store, login.NoLogin())
        with pytest.raises(NoSuchNamespaceError):
            without.client().list_tables("by_prefix")
        told = replace(without, untold_prefix="lake")
        lets_in(told, "by_prefix", duckdb=False)
        with pytest.raises(ServiceError, match="DuckDB cannot be told the prefix"):
            DuckDB(told).sql("SELECT 1")
        assert without.ask("GET", "/v1/lake/namespaces/by_prefix").status == 200


def test_a_signature_lets_in_and_one_of_another_key_does_not(lake, store, tmp_path):
    with front(lake.uri, servers.WRITER, "signed", KEYS.key_id, KEYS.secret, folder=tmp_path) as url:
        lets_in(client(url, store, login.SigV4(KEYS, "eu-central-1", "lake")), "signed", duckdb=False)
        keeps_out(client(url, store, login.SigV4(s3.Keys(KEYS.key_id, "another-secret"), "eu-central-1", "lake")))
        keeps_out(client(url, store, login.SigV4(KEYS, "us-east-1", "lake")))
        keeps_out(client(url, store, login.NoLogin()))


def test_a_clients_id_and_secret_let_in_and_a_wrong_secret_does_not(lake, store):
    tokens = f"{lake.uri}/v1/oauth/tokens"
    good = login.OAuth2(tokens, servers.CLIENT_ID, servers.CLIENT_SECRET, "catalog")
    lets_in(client(lake.uri, store, good), "by_client")
    assert good.bearer() in secret.known()
    wrong = client(lake.uri, store, replace(good, client_secret="a-wrong-secret"))
    with pytest.raises(LakebookError, match="there is no token for the catalog"):
        wrong.ask("GET", "/v1/lake/namespaces")
    with pytest.raises(Exception, match=r"(?i)invalid_client|unauthorized|secret"):
        wrong.client()


def test_duckdb_says_that_it_signs_for_aws_alone(lake, store):
    with pytest.raises(LakebookError, match="DuckDB cannot log in"):
        DuckDB(client(lake.uri, store, login.SigV4(KEYS, "eu-central-1", "lake")))


def test_what_a_catalog_publishes_says_how_one_logs_in():
    bearer = {"writer_token": "w", "alice_token": "a"}
    assert login.of({}, {}, "engine") == login.NoLogin()
    assert login.of({}, bearer, "engine") == login.Bearer("w")
    assert login.principals({}, bearer) == {"alice": login.Bearer("a"), "writer": login.Bearer("w")}
    values = {"login": "oauth2", "login_uri": "http://tokens", "login_scope": "all"}
    secrets = {"writer_credential": "id:sec:ret"}
    assert login.of(values, secrets, "engine") == login.OAuth2("http://tokens", "id", "sec:ret", "all")
    assert login.of(values, {**secrets, "expired_token": "e"}, "expired") == login.Bearer("e")
    with pytest.raises(LakebookError, match="no such login"):
        login.of({"login": "magic"}, {}, "writer")


def test_an_endpoint_that_gives_no_token_is_named(lake):
    with pytest.raises(LakebookError, match="there is no token for the catalog") as told:
        login.OAuth2(f"{lake.uri}/nowhere", "clara", "wrong-secret", "catalog").bearer()
    assert f"{lake.uri}/nowhere" in str(told.value)
    assert "wrong-secret" not in str(told.value)
