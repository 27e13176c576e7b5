"""Whatever dies, and whatever answer is lost: every row once."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from autoloader_service import Autoloader, Lake, Place, autoloader, events
from lossy_proxy import DROP, Faults, lossy
from servers import poll

if TYPE_CHECKING:
    from pathlib import Path

BEFORE_COMMIT = {
    "before the upload": "tinylake.autoloader.loaders.arrow:prepare",
    "after the upload": "tinylake.autoloader.loaders.commit:apply",
}


def killed_run(lake: Lake, folder: Path, place: Place, where: str) -> str:
    """An ingestion, during whose only run the service was killed."""
    place.put("a.json", events(0, 50))
    with autoloader(lake, folder, module="killed_at", KILL_AT=where) as service:
        ingestion = service.create(place)
        with suppress(httpx.TransportError):  # the kill may come before the answer
            service.start_run(ingestion)
        poll("death of the service", lambda: service.server.process.poll() is not None)
    return ingestion


def assert_loads_the_rest_once(service: Autoloader, place: Place, ingestion: str) -> None:
    place.put("b.json", events(50, 10))
    assert service.run(ingestion)["status"] == "success"
    assert place.rows() == events(0, 60)
    assert service.run(ingestion)["metrics"]["files_processed"] == 0


def test_killed_between_commit_and_record_it_neither_loses_nor_repeats_a_row(
    lake: Lake, place: Place, tmp_path: Path
) -> None:
    ingestion = killed_run(lake, tmp_path, place, "tinylake.autoloader.outcome:record")
    assert place.rows() == events(0, 50)
    with autoloader(lake, tmp_path) as service:
        settled = service.only_run(ingestion)
        assert settled["status"] == "success"
        assert (settled["metrics"]["files_processed"], settled["metrics"]["records_ingested"]) == (1, 50)
        assert len(place.snapshots()) == 1
        assert_loads_the_rest_once(service, place, ingestion)


@pytest.mark.parametrize("where", BEFORE_COMMIT.values(), ids=BEFORE_COMMIT)
def test_killed_before_the_commit_it_neither_loses_nor_repeats_a_row(
    lake: Lake, place: Place, tmp_path: Path, where: str
) -> None:
    ingestion = killed_run(lake, tmp_path, place, where)
    with autoloader(lake, tmp_path) as service:
        settled = service.only_run(ingestion)
        assert (settled["status"], settled["errors"][0]["error_type"]) == ("failed", "interrupted")
        assert_loads_the_rest_once(service, place, ingestion)


def test_a_queued_run_survives_a_kill(lake: Lake, place: Place, tmp_path: Path) -> None:
    ingestion = killed_run(lake, tmp_path, place, "tinylake.autoloader.store.runs:begin")
    with autoloader(lake, tmp_path) as service:
        assert service.only_run(ingestion)["status"] == "success"
    assert place.rows() == events(0, 50)


@pytest.mark.parametrize("instead", [DROP, 500, 502, 503, 504])
def test_a_commit_whose_answer_is_lost_is_not_repeated(lake: Lake, place: Place, tmp_path: Path, instead: int) -> None:
    place.put("a.json", events(0, 20))
    faults = Faults(instead, times=1, reach_catalog=True)
    with lossy(lake.catalog.uri, faults) as uri, autoloader(lake, tmp_path, catalog_uri=uri) as service:
        ingestion = service.create(place)
        run = service.run(ingestion)
        assert run["status"] == "success", run
        assert (faults.lost, len(place.snapshots())) == (1, 1)
        assert service.run(ingestion)["metrics"]["files_processed"] == 0
    assert place.rows() == events(0, 20)


def test_a_commit_that_did_not_reach_the_catalog_is_sent_again(lake: Lake, place: Place, tmp_path: Path) -> None:
    place.put("a.json", events(0, 20))
    faults = Faults(503, times=2, reach_catalog=False)
    with lossy(lake.catalog.uri, faults) as uri, autoloader(lake, tmp_path, catalog_uri=uri) as service:
        assert service.run(service.create(place))["status"] == "success"
    assert faults.lost == 2
    assert place.rows() == events(0, 20)


@pytest.mark.slow
def test_a_commit_without_any_clear_answer_is_unknown_until_the_history_is_seen(
    lake: Lake, place: Place, tmp_path: Path
) -> None:
    place.put("a.json", events(0, 20))
    faults = Faults(503, times=1000, reach_catalog=False)
    with (
        lossy(lake.catalog.uri, faults) as uri,
        autoloader(lake, tmp_path, module="hasty", catalog_uri=uri) as service,
    ):
        ingestion = service.create(place)
        run = service.run(ingestion)
        assert (run["status"], run["errors"][0]["error_type"]) == ("failed", "commit_unknown")
        poll("settling", lambda: settled_as(service, ingestion, run["id"]) == "interrupted")
        faults.left = 0
        assert service.run(ingestion)["status"] == "success"
    assert place.rows() == events(0, 20)


def settled_as(service: Autoloader, ingestion: str, run: str) -> str:
    return str(service.ended(ingestion, run)["errors"][0]["error_type"])


def test_a_commit_that_arrives_after_its_run_was_given_up_still_counts(
    lake: Lake, place: Place, tmp_path: Path
) -> None:
    place.put("a.json", events(0, 20))
    with autoloader(lake, tmp_path) as service:
        ingestion = service.create(place)
        run = service.run(ingestion)["id"]
    with sqlite3.connect(tmp_path / "autoloader.db") as database:
        database.execute("DELETE FROM processed_files")
        database.execute("UPDATE runs SET status = 'failed', phase = 'recorded'")
    database.close()
    with autoloader(lake, tmp_path) as service:
        assert service.run(ingestion)["metrics"]["files_processed"] == 0
        assert service.ended(ingestion, run)["status"] == "success"
    assert place.rows() == events(0, 20)
