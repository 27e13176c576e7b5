"""Whatever dies, and whatever answer is lost: every row once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest
import sqlalchemy as sa
from autoloader_service import Autoloader, Lake, Place, autoloader, events
from servers import poll

from lakebook import faults
from lakebook.faults import COMMIT, Fault, Proxy
from tinylake.autoloader.loaders import commit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def database(new_database: Callable[[Path], str], tmp_path: Path) -> str:
    """A new database, of each kind in turn."""
    return new_database(tmp_path)


BEFORE_COMMIT = {
    "before the upload": "tinylake.autoloader.loaders.arrow:prepare",
    "after the upload": "tinylake.autoloader.loaders.commit:apply",
}


def killed_run(lake: Lake, folder: Path, database: str, place: Place, where: str) -> str:
    """An ingestion, during whose only run the service was killed."""
    place.put("a.json", events(0, 50))
    with autoloader(lake, folder, database=database, module="killed_at", KILL_AT=where) as service:
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
    lake: Lake, place: Place, tmp_path: Path, database: str
) -> None:
    ingestion = killed_run(lake, tmp_path, database, place, "tinylake.autoloader.outcome:record")
    assert place.rows() == events(0, 50)
    with autoloader(lake, tmp_path, database=database) as service:
        settled = service.only_run(ingestion)
        assert settled["status"] == "success"
        assert (settled["metrics"]["files_processed"], settled["metrics"]["records_ingested"]) == (1, 50)
        assert len(place.snapshots()) == 1
        assert_loads_the_rest_once(service, place, ingestion)


@pytest.mark.parametrize("where", BEFORE_COMMIT.values(), ids=BEFORE_COMMIT)
def test_killed_before_the_commit_it_neither_loses_nor_repeats_a_row(
    lake: Lake, place: Place, tmp_path: Path, database: str, where: str
) -> None:
    ingestion = killed_run(lake, tmp_path, database, place, where)
    with autoloader(lake, tmp_path, database=database) as service:
        settled = service.only_run(ingestion)
        assert (settled["status"], settled["errors"][0]["error_type"]) == ("failed", "interrupted")
        assert_loads_the_rest_once(service, place, ingestion)


def test_a_queued_run_survives_a_kill(lake: Lake, place: Place, tmp_path: Path, database: str) -> None:
    ingestion = killed_run(lake, tmp_path, database, place, "tinylake.autoloader.store.runs:begin")
    with autoloader(lake, tmp_path, database=database) as service:
        assert service.only_run(ingestion)["status"] == "success"
    assert place.rows() == events(0, 50)


@pytest.fixture
def proxy(lake: Lake) -> Iterator[Proxy]:
    """A proxy in front of the catalog."""
    started = Proxy(lake.catalog.uri)
    yield started
    started.stop()


def lost(proxy: Proxy) -> int:
    """How many exchanges a fault was applied to."""
    return sum(bool(one.fault) for one in proxy.exchanges)


@pytest.mark.parametrize(
    "fault",
    [faults.drop(COMMIT), *(faults.answer(COMMIT, status) for status in (500, 502, 503, 504))],
    ids=lambda fault: fault.name,
)
def test_a_commit_whose_answer_is_lost_is_not_repeated(
    lake: Lake, place: Place, tmp_path: Path, database: str, proxy: Proxy, fault: Fault
) -> None:
    place.put("a.json", events(0, 20))
    proxy.inject(fault)
    with autoloader(lake, tmp_path, database=database, catalog_uri=proxy.url) as service:
        ingestion = service.create(place)
        run = service.run(ingestion)
        assert run["status"] == "success", run
        assert (lost(proxy), len(place.snapshots())) == (1, 1)
        assert service.run(ingestion)["metrics"]["files_processed"] == 0
    assert place.rows() == events(0, 20)


def test_a_table_that_is_there_is_used_whatever_its_creation_was_answered(
    lake: Lake, place: Place, tmp_path: Path, database: str, proxy: Proxy
) -> None:
    place.put("a.json", events(0, 20))
    proxy.inject(faults.answer(faults.Match("POST", "/tables$"), 500, times=9))
    with autoloader(lake, tmp_path, database=database, catalog_uri=proxy.url) as service:
        assert service.run(service.create(place))["status"] == "success"
    assert lost(proxy) == 1
    assert place.rows() == events(0, 20)


def test_a_commit_that_did_not_reach_the_catalog_is_sent_again(
    lake: Lake, place: Place, tmp_path: Path, database: str, proxy: Proxy
) -> None:
    place.put("a.json", events(0, 20))
    proxy.inject(faults.answer(COMMIT, 503, reached=False, times=2))
    with autoloader(lake, tmp_path, database=database, catalog_uri=proxy.url) as service:
        assert service.run(service.create(place))["status"] == "success"
    assert lost(proxy) == 2
    assert place.rows() == events(0, 20)


@pytest.mark.slow
def test_a_commit_without_any_clear_answer_is_unknown_until_the_history_is_seen(
    lake: Lake, place: Place, tmp_path: Path, database: str, proxy: Proxy
) -> None:
    place.put("a.json", events(0, 20))
    proxy.inject(faults.answer(COMMIT, 503, reached=False, times=1000))
    with autoloader(lake, tmp_path, database=database, module="hasty", catalog_uri=proxy.url) as service:
        ingestion = service.create(place)
        run = service.run(ingestion)
        assert (run["status"], run["errors"][0]["error_type"]) == ("failed", "commit_unknown")
        poll("settling", lambda: settled_as(service, ingestion, run["id"]) == "interrupted")
        proxy.clear()
        assert service.run(ingestion)["status"] == "success"
    assert place.rows() == events(0, 20)


def test_a_catalog_that_answers_500_to_every_attempt_is_not_asked_for_a_minute(
    lake: Lake, place: Place, tmp_path: Path, database: str, proxy: Proxy
) -> None:
    place.put("a.json", events(0, 20))
    proxy.inject(faults.answer(COMMIT, 500, reached=False, times=1000))
    with autoloader(lake, tmp_path, database=database, catalog_uri=proxy.url) as service:
        ingestion = service.create(place)
        (error,) = service.run(ingestion)["errors"]
        assert (error["error_type"], lost(proxy)) == ("commit_unknown", commit.SERVER_ERRORS)
        proxy.clear()
        assert service.run(ingestion)["status"] == "success"
    assert place.rows() == events(0, 20)


def settled_as(service: Autoloader, ingestion: str, run: str) -> str:
    return str(service.ended(ingestion, run)["errors"][0]["error_type"])


def test_a_commit_that_arrives_after_its_run_was_given_up_still_counts(
    lake: Lake, place: Place, tmp_path: Path, database: str
) -> None:
    place.put("a.json", events(0, 20))
    with autoloader(lake, tmp_path, database=database) as service:
        ingestion = service.create(place)
        run = service.run(ingestion)["id"]
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM processed_files"))
        connection.execute(sa.text("UPDATE runs SET status = 'failed', phase = 'recorded'"))
    engine.dispose()
    with autoloader(lake, tmp_path, database=database) as service:
        assert service.run(ingestion)["metrics"]["files_processed"] == 0
        assert service.ended(ingestion, run)["status"] == "success"
    assert place.rows() == events(0, 20)
