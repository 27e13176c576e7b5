"""Starting a table over, or only asking what that would mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from autoloader_service import Autoloader, Place, autoloader, environment, events, ndjson

from lakebook import faults
from lakebook.faults import Proxy
from tinylake.autoloader import refresh as refreshing
from tinylake.autoloader.execute import Service
from tinylake.autoloader.settings import Settings
from tinylake.autoloader.store import ingestions, runs
from tinylake.autoloader.store.database import open_database

if TYPE_CHECKING:
    from pathlib import Path

    from autoloader_service import Lake

MODES = ["full", "new-only"]


def loaded(service: Autoloader, place: Place) -> str:
    for number in range(3):
        place.put(f"{number}.json", events(number * 10, 10))
    ingestion = service.create(place)
    assert service.run(ingestion)["status"] == "success"
    return ingestion


def refresh(service: Autoloader, ingestion: str, mode: str, **body: Any) -> dict[str, Any]:
    answer = service.http.post(f"/{ingestion}/refresh/{mode}", json={"confirm": True, **body})
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def state(service: Autoloader, place: Place, ingestion: str) -> tuple[Any, ...]:
    runs = [run["id"] for run in service.http.get(f"/{ingestion}/runs").json()]
    return place.snapshots(), place.rows(), runs, service.http.get(f"/{ingestion}").json()


def test_full_loads_every_file_again(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place)
    answer = refresh(service, ingestion, "full")
    assert answer["status"] == "accepted"
    assert [(item["operation"], item["status"]) for item in answer["operations"]] == [
        ("table_dropped", "success"),
        ("processed_files_cleared", "success"),
        ("run_triggered", "success"),
    ]
    assert (answer["impact"]["files_to_process"], answer["impact"]["files_skipped"]) == (3, 0)
    run = service.ended(ingestion, answer["run_id"])
    assert (run["status"], run["trigger"], run["metrics"]["files_processed"]) == ("success", "refresh_full", 3)
    assert run["metrics"]["bytes_read"] == answer["impact"]["bytes_to_process"]
    assert place.rows() == events(0, 30)
    assert len(place.snapshots()) == 1


def test_new_only_loads_only_what_was_never_loaded(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place)
    place.put("9.json", events(90, 10))
    answer = refresh(service, ingestion, "new-only")
    assert [item["operation"] for item in answer["operations"]] == ["table_dropped", "run_triggered"]
    assert (answer["mode"], answer["impact"]["files_to_process"], answer["impact"]["files_skipped"]) == (
        "new_only",
        1,
        3,
    )
    run = service.ended(ingestion, answer["run_id"])
    assert (run["trigger"], run["metrics"]["files_processed"]) == ("refresh_new_only", 1)
    assert place.rows() == events(90, 10)


def test_new_only_without_new_files_leaves_no_table(service: Autoloader, place: Place) -> None:
    ingestion = loaded(service, place)
    run = service.ended(ingestion, refresh(service, ingestion, "new-only")["run_id"])
    assert (run["status"], run["metrics"]["files_processed"]) == ("success", 0)
    assert not service.lake.exists(place.table)


@pytest.mark.parametrize("mode", MODES)
def test_without_auto_run_no_run_is_triggered(service: Autoloader, place: Place, mode: str) -> None:
    ingestion = loaded(service, place)
    answer = refresh(service, ingestion, mode, auto_run=False)
    assert (answer["run_id"], answer["operations"][-1]["status"]) == (None, "skipped")
    assert len(service.http.get(f"/{ingestion}/runs").json()) == 1
    assert not service.lake.exists(place.table)


@pytest.mark.parametrize("mode", MODES)
def test_a_dry_run_tells_the_truth_and_changes_nothing(service: Autoloader, place: Place, mode: str) -> None:
    ingestion = loaded(service, place)
    extra = place.put("9.json", events(90, 10))
    before = state(service, place, ingestion)
    answer = refresh(service, ingestion, mode, dry_run=True)
    assert (answer["status"], answer["run_id"], answer["operations"]) == ("dry_run", None, [])
    assert len(answer["would_perform"]) == (3 if mode == "full" else 2)
    assert set(answer["next_steps"]) == {"to_proceed", "to_cancel"}
    impact = answer["impact"]
    assert impact["files_to_process"] == (4 if mode == "full" else 1)
    if mode == "new-only":
        assert impact["bytes_to_process"] == extra
    assert impact["estimated_data_size_gb"] == impact["bytes_to_process"] / 1e9
    assert state(service, place, ingestion) == before
    assert service.run(ingestion)["metrics"]["files_processed"] == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("body", [None, {}, {"confirm": False}, {"confirm": False, "dry_run": True}])
def test_without_confirmation_nothing_happens(
    service: Autoloader, place: Place, mode: str, body: dict[str, Any] | None
) -> None:
    ingestion = loaded(service, place)
    before = state(service, place, ingestion)
    answer = service.http.post(f"/{ingestion}/refresh/{mode}", json=body)
    assert answer.status_code == 422
    assert "confirm" in answer.text
    assert state(service, place, ingestion) == before


@pytest.mark.parametrize("mode", MODES)
def test_an_unknown_ingestion_is_refused_by_its_id(service: Autoloader, mode: str) -> None:
    answer = service.http.post(f"/ing-nowhere/refresh/{mode}", json={"confirm": True})
    assert answer.status_code == 404
    assert "ing-nowhere" in answer.json()["detail"]


def test_a_refresh_during_a_run_is_refused_with_the_runs_name(service: Autoloader, place: Place) -> None:
    place.put("a.json", events(0, 400))
    proxy = Proxy(place.lake.store.endpoint)
    held = proxy.inject(faults.hold(faults.DOWNLOAD))
    source = place.body()["source"]
    through = {**source, "credentials": {**source["credentials"], "endpoint_url": proxy.url}}
    ingestion = service.create(place, source=through)
    run = service.start_run(ingestion)
    held.arrived()
    answer = service.http.post(f"/{ingestion}/refresh/full", json={"confirm": True})
    held.release()
    assert answer.status_code == 409
    assert run in answer.json()["detail"]
    assert service.ended(ingestion, run)["status"] == "success"
    proxy.stop()
    assert place.rows() == events(0, 400)


@pytest.mark.slow
def test_a_failed_operation_is_told_and_a_second_refresh_completes_it(lake: Lake, place: Place, tmp_path: Path) -> None:
    with autoloader(lake, tmp_path) as service:
        ingestion = loaded(service, place)
    with autoloader(lake, tmp_path, module="broken_at", BREAK_AT="tinylake.autoloader.refresh:clear_files") as service:
        answer = refresh(service, ingestion, "full")
        assert (answer["status"], answer["run_id"]) == ("partial_failure", None)
        assert [item["status"] for item in answer["operations"]] == ["success", "failed", "skipped"]
        assert answer["operations"][1]["error_code"] == "internal"
        assert "broken on purpose" in answer["operations"][1]["error"]
    with autoloader(lake, tmp_path) as service:
        answer = refresh(service, ingestion, "full")
        assert answer["status"] == "accepted"
        assert service.ended(ingestion, answer["run_id"])["metrics"]["files_processed"] == 3
    assert place.rows() == events(0, 30)


def test_a_catalog_that_does_not_answer_is_told_and_nothing_is_forgotten(
    lake: Lake, place: Place, tmp_path: Path
) -> None:
    with autoloader(lake, tmp_path) as service:
        ingestion = loaded(service, place)
    with autoloader(lake, tmp_path, catalog_uri="http://127.0.0.1:9") as service:
        answer = refresh(service, ingestion, "full")
        assert [item["status"] for item in answer["operations"]] == ["failed", "skipped", "skipped"]
        assert answer["operations"][0]["error_code"] == "catalog_unreachable"
        assert "127.0.0.1:9" in answer["operations"][0]["error"]
    with autoloader(lake, tmp_path) as service:
        assert service.run(ingestion)["metrics"]["files_processed"] == 0
    assert place.rows() == events(0, 30)


@pytest.mark.parametrize("mode", MODES)
def test_a_refresh_makes_a_draft_active_where_it_triggers_a_run(service: Autoloader, place: Place, mode: str) -> None:
    ingestion = service.create(place)
    refresh(service, ingestion, mode, auto_run=False)
    assert service.http.get(f"/{ingestion}").json()["status"] == "draft"
    answer = refresh(service, ingestion, mode)
    assert service.ended(ingestion, answer["run_id"])["status"] == "success"
    assert service.http.get(f"/{ingestion}").json()["status"] == "active"


def test_a_source_that_cannot_be_listed_is_told_before_anything_is_dropped(service: Autoloader, place: Place) -> None:
    bucket = {"Bucket": f"{place.lake.store.bucket}-gone"}
    place.lake.s3.create_bucket(**bucket)
    place.lake.s3.put_object(**bucket, Key="0.json", Body=ndjson(events(0, 10)))
    ingestion = service.create(place, source={**place.body()["source"], "path": f"s3://{bucket['Bucket']}/"})
    assert service.run(ingestion)["status"] == "success"
    place.lake.s3.delete_object(**bucket, Key="0.json")
    place.lake.s3.delete_bucket(**bucket)
    answer = service.http.post(f"/{ingestion}/refresh/full", json={"confirm": True})
    assert (answer.status_code, answer.json()["error_type"]) == (400, "missing_bucket")
    assert place.rows() == events(0, 10)


@pytest.mark.parametrize("mode", [refreshing.FULL, refreshing.NEW_ONLY])
def test_a_source_that_vanishes_during_a_refresh_is_told_and_no_run_waits_for_it(
    lake: Lake, place: Place, tmp_path: Path, mode: str
) -> None:
    variables = environment(lake, f"sqlite:///{tmp_path / 'autoloader.db'}", lake.catalog.uri)
    service = Service(open_database(variables["TINYLAKE_AUTOLOADER_DATABASE"]), Settings.from_environment(variables))
    body = place.body(source={**place.body()["source"], "path": "s3://no-such-bucket/"})
    ingestion = ingestions.create(service.engine, "events", body, body["source"]["credentials"])
    done = refreshing.perform(refreshing.Refresh(service, ingestion, mode, auto_run=True))
    assert done.failed
    assert {item["status"] for item in done.operations[:-1]} == {"success"}
    assert (done.operations[-1]["status"], done.operations[-1]["error_code"]) == ("failed", "missing_bucket")
    assert "no-such-bucket" in done.operations[-1]["error"]
    assert runs.waiting(service.engine, ingestion.id) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "where"), [("full", "clear_files"), ("full", "trigger_run"), ("new-only", "trigger_run")]
)
def test_a_refresh_during_which_the_service_was_killed_is_completed_by_a_second_one(
    lake: Lake, place: Place, tmp_path: Path, mode: str, where: str
) -> None:
    with autoloader(lake, tmp_path) as service:
        ingestion = loaded(service, place)
    place.put("9.json", events(90, 10))
    dying = autoloader(lake, tmp_path, module="killed_at", KILL_AT=f"tinylake.autoloader.refresh:{where}")
    with dying as service, pytest.raises(httpx.TransportError):
        refresh(service, ingestion, mode)
    with autoloader(lake, tmp_path) as service:
        answer = refresh(service, ingestion, mode)
        assert answer["status"] == "accepted"
        assert service.ended(ingestion, answer["run_id"])["status"] == "success"
    assert place.rows() == [*(events(0, 30) if mode == "full" else []), *events(90, 10)]
