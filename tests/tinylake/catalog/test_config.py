"""Where a client begins, and who may go on."""

from __future__ import annotations

import itertools
from importlib.metadata import version
from typing import TYPE_CHECKING

import catalog_wire as wire
import httpx
import pytest

from tinylake.catalog.app import ROUTERS

if TYPE_CHECKING:
    import servers

PLACES = {"{prefix}": "lake", "{namespace}": "nowhere", "{table}": "nothing", "{view}": "nothing"}


def _declared(lake: servers.Catalog, client: httpx.Client) -> list[str]:
    return list(client.get(f"{lake.uri}/v1/config").json()["endpoints"])


def test_health_needs_no_token_and_names_the_version(lake: servers.Catalog) -> None:
    answer = httpx.get(f"{lake.uri}/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "service": "tinylake.catalog", "version": version("lakebook")}


def test_config_gives_the_prefix_and_no_secret(
    lake: servers.Catalog, writer: httpx.Client, store: servers.Moto
) -> None:
    answer = writer.get(f"{lake.uri}/v1/config", params={"warehouse": "lake"})
    assert answer.json()["overrides"] == {"prefix": "lake"}
    assert store.secret_access_key not in answer.text


def test_an_unknown_warehouse_is_refused(lake: servers.Catalog, writer: httpx.Client) -> None:
    answer = writer.get(f"{lake.uri}/v1/config", params={"warehouse": "pond"})
    assert "pond" in wire.refused(answer, 404, "NoSuchWarehouseException")


def test_config_declares_exactly_the_routes_that_there_are(lake: servers.Catalog, writer: httpx.Client) -> None:
    routes = itertools.chain.from_iterable(router.routes for router in ROUTERS)
    served = {f"{method} {route.path}" for route in routes for method in route.methods}
    assert set(_declared(lake, writer)) == served - {"GET /health", "GET /v1/config", "POST /v1/oauth/tokens"}


def test_every_declared_endpoint_is_served_and_asks_for_a_token(lake: servers.Catalog, writer: httpx.Client) -> None:
    for method, path in (endpoint.split() for endpoint in _declared(lake, writer)):
        for place, name in PLACES.items():
            path = path.replace(place, name)  # noqa: PLW2901
        known = writer.request(method, f"{lake.uri}{path}", json={} if method == "POST" else None)
        assert known.status_code not in {401, 405, 500}, (method, path, known.text)
        assert "Not Found" not in known.text, (method, path)
        unknown = httpx.request(method, f"{lake.uri}{path}", headers={"Authorization": "Bearer None"})
        assert unknown.status_code == 401, (method, path)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer None", "Bearer writer-token2", "Basic d2FuZGE6", "writer-token"]
)
def test_without_a_known_token_the_answer_is_401(lake: servers.Catalog, header: str | None) -> None:
    answer = httpx.get(f"{lake.uri}/v1/config", headers={"Authorization": header} if header is not None else {})
    wire.refused(answer, 401, "NotAuthorizedException")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/lake/views", 404),
        ("GET", "/elsewhere", 404),
        ("GET", "/", 404),
        ("GET", "/docs", 404),
        ("GET", "/v1/lake/namespaces/", 404),
        ("POST", "/v1/lake/namespaces/n/tables/t/plan", 404),
        ("POST", "/v1/lake/namespaces/n/register-view", 404),
        ("POST", "/v1/lake/namespaces/n/tables/t/unheard-of", 404),
        ("POST", "/v1/aws/s3/sign", 404),
        ("PUT", "/v1/lake/namespaces", 405),
        ("PATCH", "/v1/lake/namespaces/n/tables/t", 405),
        ("GET", "/v1/lake/transactions/commit", 405),
        ("OPTIONS", "/v1/lake/namespaces", 405),
        ("TRACE", "/v1/config", 405),
        ("GET", "/v1/oauth/tokens", 405),
    ],
)
def test_what_is_not_served_is_refused_with_an_iceberg_body(
    lake: servers.Catalog, writer: httpx.Client, method: str, path: str, status: int
) -> None:
    kind = {404: "NotFoundException", 405: "MethodNotAllowedException"}[status]
    answer = writer.request(method, f"{lake.uri}{path}")
    wire.refused(answer, status, kind)
    assert ("Allow" in answer.headers) is (status == 405)


def test_what_is_not_allowed_is_told_with_what_is(lake: servers.Catalog, writer: httpx.Client) -> None:
    answer = writer.put(f"{lake.routes}/namespaces/n/tables/t")
    assert answer.headers["Allow"] == "DELETE, GET, HEAD, POST"


@pytest.mark.parametrize("path", ["/v1/lake/namespaces/%FF", "/v1/lake/namespaces/%zz", "/v1/lake/namespaces/a%00b"])
def test_a_path_that_is_no_text_is_a_refusal_too(lake: servers.Catalog, writer: httpx.Client, path: str) -> None:
    answer = writer.get(httpx.URL(lake.uri).copy_with(raw_path=path.encode()))
    assert answer.status_code in {400, 404}
    assert answer.json()["error"]["code"] == answer.status_code


def test_another_prefix_is_refused(lake: servers.Catalog, writer: httpx.Client) -> None:
    wire.refused(writer.get(f"{lake.uri}/v1/pond/namespaces"), 404, "NotFoundException")


def test_neither_token_nor_key_is_logged(lake: servers.Catalog, writer: httpx.Client, store: servers.Moto) -> None:
    writer.get("/namespaces", params={"token": "writer-token"})
    log = lake.server.log.read_text()
    assert '"principal": "wanda"' in log
    assert "writer-token" not in log
    assert store.secret_access_key not in log
