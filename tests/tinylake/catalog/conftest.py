"""One moto and one catalog for all tests; each test has a namespace of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Moto]:
    with servers.moto(tmp_path_factory.mktemp("moto")) as running:
        yield running


@pytest.fixture(scope="session")
def lake(store: servers.Moto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Catalog]:
    with servers.catalog(store, tmp_path_factory.mktemp("catalog")) as running:
        yield running


@pytest.fixture
def writer(lake: servers.Catalog) -> Iterator[httpx.Client]:
    with lake.http(servers.WRITER) as client:
        yield client


@pytest.fixture
def reader(lake: servers.Catalog) -> Iterator[httpx.Client]:
    with lake.http(servers.READER) as client:
        yield client


@pytest.fixture
def namespace(writer: httpx.Client) -> str:
    name = f"n{uuid4().hex[:12]}"
    assert writer.post("/namespaces", json={"namespace": [name]}).status_code == 200
    return name
