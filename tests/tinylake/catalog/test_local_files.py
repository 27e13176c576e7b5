"""Local files: nothing outside the warehouse is read, written or deleted, whatever a name or a link says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import servers

from tinylake.catalog import errors, settings
from tinylake.catalog.local_files import LocalFiles

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def given(tmp_path: Path) -> settings.Settings:
    location = {"LOCATION": f"file://{tmp_path}/warehouse"}
    return settings.from_environment(servers.catalog_environment(None, tmp_path / "catalog.db", **location))


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that is not the warehouse's."""
    (tmp_path / "outside").mkdir()
    file = tmp_path / "outside" / "file"
    file.write_text("of somebody else")
    return file


def test_a_purge_deletes_a_link_and_nothing_behind_it(given: settings.Settings, outside: Path) -> None:
    files = LocalFiles(given)
    table = f"{given.location}n/orders/"
    files.write(f"{table}data/x", b"x")
    folder = outside.parents[1] / "warehouse" / "n" / "orders"
    (folder / "to-a-folder").symlink_to(outside.parent, target_is_directory=True)
    (folder / "to-a-file").symlink_to(outside)
    (folder / "empty").mkdir()
    files.delete(table, files.keys(table))
    assert not folder.exists()
    assert outside.read_text() == "of somebody else"


def test_no_link_leads_out(given: settings.Settings, outside: Path) -> None:
    files = LocalFiles(given)
    files.write(f"{given.location}n/x", b"x")
    (outside.parents[1] / "warehouse" / "n" / "out").symlink_to(outside.parent, target_is_directory=True)
    for call in (files.read, files.remove, files.keys, files.holds, lambda location: files.write(location, b"x")):
        with pytest.raises(errors.CatalogError, match="outside this warehouse"):
            call(f"{given.location}n/out/file")
    assert outside.read_text() == "of somebody else"


def test_a_purge_leaves_what_another_table_has_by_then(given: settings.Settings) -> None:
    files = LocalFiles(given)
    table = f"{given.location}n/orders/"
    files.write(f"{table}metadata/old", b"x")
    listed = files.keys(table)
    files.write(f"{table}metadata/new", b"x")
    files.delete(table, listed)
    assert files.read(f"{table}metadata/new") == b"x"


def test_a_warehouse_that_is_gone_is_not_an_empty_one(given: settings.Settings) -> None:
    with pytest.raises(errors.CatalogError, match="cannot be reached") as raised:
        LocalFiles(given).keys(f"{given.location}n/orders/")
    assert raised.value.status == 503
