"""The token endpoint: a client's id and secret for a token that speaks for its principal, for a while."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import catalog_wire as wire
import duckdb
import duckdb_extensions
import httpx
import pyarrow as pa
import pytest
import servers
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.exceptions import ForbiddenError, OAuthError
from servers import CLIENT_ID, CLIENT_SECRET, READING_CLIENT_ID, READING_CLIENT_SECRET

from tinylake.catalog.access_tokens import Issuer
from tinylake.catalog.settings import Client

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from servers import Catalog

ROWS = pa.table({"id": [1, 2]})
GRANT = {"grant_type": "client_credentials"}
FORM = {**GRANT, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


def ask(lake: Catalog, data: Any = FORM, **more: Any) -> httpx.Response:
    return httpx.post(f"{lake.uri}/v1/oauth/tokens", data=data, timeout=30, **more)


def token(lake: Catalog, data: Any = FORM) -> str:
    answer = ask(lake, data)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{client_id}:{secret}'.encode()).decode()}"}


def refused(answer: httpx.Response, status: int, error: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]
    assert CLIENT_SECRET not in answer.text


def test_a_client_gets_a_token_that_is_taken(lake: Catalog) -> None:
    answer = ask(lake, {**FORM, "scope": "catalog"})
    assert answer.status_code == 200, answer.text
    given = answer.json()
    issued = "urn:ietf:params:oauth:token-type:access_token"
    assert given.pop("access_token")
    assert given == {"token_type": "bearer", "expires_in": 3600, "issued_token_type": issued, "scope": "catalog"}
    assert answer.headers["Cache-Control"] == "no-store"
    with lake.http(answer.json()["access_token"]) as client:
        assert client.get(f"{lake.uri}/v1/config").status_code == 200


def test_two_tokens_are_not_the_same_and_hold_no_secret(lake: Catalog) -> None:
    first, second = token(lake), token(lake)
    assert first != second
    payload = first.split(".")[1]
    assert CLIENT_SECRET.encode() not in base64.urlsafe_b64decode(payload + "==")


@pytest.mark.parametrize("encode", [lambda text: text, quote_plus], ids=["plain", "encoded"])
def test_http_basic_is_taken_too(lake: Catalog, encode: Callable[[str], str]) -> None:
    answer = ask(lake, GRANT, headers=basic(encode(READING_CLIENT_ID), encode(READING_CLIENT_SECRET)))
    assert answer.status_code == 200, answer.text


def test_an_old_token_beside_the_form_does_no_harm(lake: Catalog) -> None:
    assert ask(lake, headers={"Authorization": "Bearer old"}).status_code == 200


def test_a_token_has_the_grant_of_its_principal(lake: Catalog, namespace: str) -> None:
    reading = token(lake, {**GRANT, "client_id": READING_CLIENT_ID, "client_secret": READING_CLIENT_SECRET})
    with lake.http(reading) as client:
        assert client.get(f"/namespaces/{namespace}").status_code == 200
        wire.refused(client.delete(f"/namespaces/{namespace}"), 403, "ForbiddenException")
    with lake.http(token(lake)) as client:
        assert client.delete(f"/namespaces/{namespace}").status_code == 204


@pytest.mark.parametrize(
    ("data", "status", "error"),
    [
        ({**FORM, "client_secret": "wrong-secret"}, 401, "invalid_client"),
        ({**FORM, "client_id": "nobody"}, 401, "invalid_client"),
        ({**FORM, "client_secret": ""}, 401, "invalid_client"),
        ({**FORM, "client_secret": READING_CLIENT_SECRET}, 401, "invalid_client"),
        (GRANT, 401, "invalid_client"),
        ({**FORM, "grant_type": "password"}, 400, "unsupported_grant_type"),
        ({**FORM, "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"}, 400, "unsupported_grant_type"),
        ({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}, 400, "invalid_request"),
        ({**FORM, "scope": "everything"}, 400, "invalid_scope"),
        ({**FORM, "scope": "catalog everything"}, 400, "invalid_scope"),
        ({**FORM, "client_id": [CLIENT_ID, CLIENT_ID]}, 400, "invalid_request"),
        ({**FORM, "filler": "x" * 20_000}, 400, "invalid_request"),
    ],
)
def test_a_request_that_is_refused_gets_oauths_form(
    lake: Catalog, data: dict[str, Any], status: int, error: str
) -> None:
    answer = ask(lake, data)
    refused(answer, status, error)
    assert ("WWW-Authenticate" in answer.headers) is (status == 401)


@pytest.mark.parametrize(
    ("header", "status", "error"),
    [
        ("Basic", 401, "invalid_client"),
        ("Basic §§", 401, "invalid_client"),
        (basic(CLIENT_ID, "wrong-secret")["Authorization"], 401, "invalid_client"),
        (basic(CLIENT_ID, CLIENT_SECRET)["Authorization"] + "=", 401, "invalid_client"),
    ],
)
def test_a_broken_basic_is_refused(lake: Catalog, header: str, status: int, error: str) -> None:
    refused(ask(lake, GRANT, headers={"Authorization": header.encode()}), status, error)


def test_two_ways_at_once_and_other_bodies_are_refused(lake: Catalog) -> None:
    refused(ask(lake, headers=basic(CLIENT_ID, CLIENT_SECRET)), 400, "invalid_request")
    where = f"{lake.uri}/v1/oauth/tokens"
    refused(httpx.post(where, json=FORM), 400, "invalid_request")
    refused(httpx.post(where, params=FORM), 400, "invalid_request")
    broken = {"Content-Type": "application/x-www-form-urlencoded"}
    refused(httpx.post(where, content=b"grant_type=%ff", headers=broken), 400, "invalid_request")


def test_a_token_that_was_changed_is_refused(lake: Catalog) -> None:
    mark, payload, signature = token(lake).split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    longer = base64.urlsafe_b64encode(json.dumps({**said, "expires_at": 2**40}).encode()).decode().rstrip("=")
    other = base64.urlsafe_b64encode(json.dumps({**said, "client": READING_CLIENT_ID}).encode()).decode().rstrip("=")
    nobody = base64.urlsafe_b64encode(json.dumps({**said, "client": ["x"]}).encode()).decode().rstrip("=")
    tampered = [
        *(f"{mark}.{changed}.{signature}" for changed in (longer, other, nobody, "", "x", payload[:-1])),
        *(f"{mark}.{payload}.{changed}" for changed in ("", signature[:-1], signature + "A", signature.swapcase())),
        f"{mark}.{payload}",
        f"other.{payload}.{signature}",
    ]
    for one in tampered:
        answer = httpx.get(f"{lake.uri}/v1/config", headers={"Authorization": f"Bearer {one}"})
        wire.refused(answer, 401, "NotAuthorizedException")
    answer = httpx.get(f"{lake.uri}/v1/config", headers={"Authorization": f"Basic {mark}.{payload}.{signature}"})
    wire.refused(answer, 401, "NotAuthorizedException")


def test_without_a_token_one_can_only_ask_for_one(lake: Catalog) -> None:
    for path in ("/v1/oauth/tokens/x", "/v1/oauth", "/v1/oauth%2Ftokens", "/v1/oauth/tokens/../../config"):
        answer = httpx.get(httpx.URL(lake.uri).copy_with(raw_path=path.encode()))
        wire.refused(answer, 401, "NotAuthorizedException")


def taken(lake: Catalog, given: str) -> bool:
    with lake.http(given) as client:
        return client.get("/namespaces").status_code == 200


def test_a_token_ends_is_taken_by_every_process_and_not_with_another_secret(
    store: servers.Moto, tmp_path: Path, new_database: Callable[[Path], str]
) -> None:
    settings = {"DATABASE": new_database(tmp_path), "LOCATION": f"s3://{store.bucket}/{tmp_path.name}"}
    with servers.catalog(store, tmp_path, **settings) as first:
        given = token(first)
    with servers.catalog(store, tmp_path, TOKEN_SECONDS="2", **settings) as second:
        assert taken(second, given)
        short = token(second)
        servers.poll("the end of a token of 2 seconds", lambda: not taken(second, short))
        assert taken(second, given)
    other = json.dumps({CLIENT_ID: {**servers.CLIENTS[CLIENT_ID], "secret": "another-secret"}})
    with servers.catalog(store, tmp_path, CLIENTS=other, **settings) as third:
        refused(ask(third), 401, "invalid_client")
        assert not taken(third, given)


def issuer(key: str = "key", **more: Any) -> Issuer:
    given = Client.model_validate({**servers.CLIENTS[CLIENT_ID], **more})
    return Issuer(key, {CLIENT_ID: given}, 3600)


def test_a_token_needs_its_client_its_secret_and_its_databases_key() -> None:
    given = f"Bearer {issuer().issue(CLIENT_ID)[0]}"
    assert issuer().principal(given).principal == "wanda"
    for other in (issuer("other"), issuer(secret="another-secret"), Issuer("key", {}, 3600)):
        assert other.principal(given) is None


def test_a_client_ends_and_its_tokens_do_not_outlast_it() -> None:
    ends = datetime.now(UTC) + timedelta(seconds=100)
    assert issuer(expires_at="2001-01-01T00:00:00Z").client(CLIENT_ID, CLIENT_SECRET) is None
    assert issuer(expires_at=ends).client(CLIENT_ID, CLIENT_SECRET)
    assert 98 <= issuer(expires_at=ends).issue(CLIENT_ID)[1] <= 100


def test_neither_a_secret_nor_a_token_is_logged(lake: Catalog) -> None:
    given = token(lake)
    ask(lake, {**FORM, "client_secret": "wrong-secret"})
    with lake.http(given) as client:
        client.get("/namespaces")
    log = lake.server.log.read_text()
    assert "/v1/oauth/tokens" in log
    assert not [secret for secret in (CLIENT_SECRET, "wrong-secret", given) if secret in log]


def connect(lake: Catalog, credential: str, **more: str) -> RestCatalog:
    properties = {
        "credential": credential,
        "oauth2-server-uri": f"{lake.uri}/v1/oauth/tokens",
        "header.X-Iceberg-Access-Delegation": "vended-credentials",
        **more,
    }
    return RestCatalog("lake", uri=lake.uri, warehouse="lake", **properties)


def test_pyiceberg_reads_and_writes_with_a_credential(lake: Catalog, namespace: str) -> None:
    client = connect(lake, f"{CLIENT_ID}:{CLIENT_SECRET}", scope="catalog")
    client.create_table((namespace, "t"), schema=ROWS.schema).append(ROWS)
    reading = connect(lake, f"{READING_CLIENT_ID}:{READING_CLIENT_SECRET}")
    assert reading.load_table((namespace, "t")).scan().to_arrow().num_rows == 2
    with pytest.raises(ForbiddenError):
        reading.drop_table((namespace, "t"))
    with pytest.raises(OAuthError, match="invalid_client"):
        connect(lake, f"{CLIENT_ID}:wrong-secret")
    with pytest.raises(OAuthError, match="invalid_scope"):
        connect(lake, f"{CLIENT_ID}:{CLIENT_SECRET}", scope="everything")


def test_pyicebergs_newer_way_sends_http_basic(lake: Catalog, namespace: str) -> None:
    auth = {
        "type": "oauth2",
        "oauth2": {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "token_url": f"{lake.uri}/v1/oauth/tokens",
            "scope": "catalog",
        },
    }
    client = RestCatalog("lake", uri=lake.uri, warehouse="lake", auth=auth)
    assert (namespace,) in client.list_namespaces()


def _attach(connection: duckdb.DuckDBPyConnection, lake: Catalog, secret: str) -> None:
    for extension in ("httpfs", "avro", "iceberg"):
        duckdb_extensions.import_extension(extension)
        connection.execute(f"LOAD {extension}")
    given = f"CLIENT_ID '{CLIENT_ID}', CLIENT_SECRET '{secret}', OAUTH2_SERVER_URI '{lake.uri}/v1/oauth/tokens'"
    connection.execute(f"CREATE SECRET job (TYPE iceberg, {given})")
    connection.execute(f"ATTACH 'lake' AS lake (TYPE iceberg, ENDPOINT '{lake.uri}', SECRET job)")


def test_duckdb_reads_and_writes_with_id_and_secret(lake: Catalog, namespace: str) -> None:
    with duckdb.connect() as connection:
        _attach(connection, lake, CLIENT_SECRET)
        connection.execute(f"CREATE TABLE lake.{namespace}.t (id BIGINT)")
        connection.execute(f"INSERT INTO lake.{namespace}.t VALUES (1), (2)")
        assert connection.execute(f"FROM lake.{namespace}.t ORDER BY id").fetchall() == [(1,), (2,)]


def test_duckdb_with_a_wrong_secret_is_refused(lake: Catalog) -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.Error):
        _attach(connection, lake, "wrong-secret")
