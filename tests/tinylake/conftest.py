"""Databases for both services: one PostgreSQL for all tests, and a new database where a test asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import postgres
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Postgres]:
    with postgres.postgres(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Makes the address of an empty database, of each kind in turn; SQLite's is in the folder that it is given."""
    if request.param == "postgresql":
        server: postgres.Postgres = request.getfixturevalue("postgresql")
        return lambda _: server.database()
    return lambda folder: f"sqlite:///{folder / 'catalog.db'}"
