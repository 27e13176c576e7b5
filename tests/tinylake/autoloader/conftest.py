"""One store and one catalog for all tests; each test has a prefix, a namespace and, where it breaks it, a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from autoloader_service import Autoloader, Lake, Place, autoloader
from servers import catalog, moto

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    folder = tmp_path_factory.mktemp("lake")
    with moto(folder) as store, catalog(store, folder) as served:
        yield Lake(store, served, store.client("s3"))


@pytest.fixture(scope="session")
def service(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Autoloader]:
    with autoloader(lake, tmp_path_factory.mktemp("autoloader")) as running:
        yield running


@pytest.fixture
def place(lake: Lake) -> Place:
    return Place(lake)
