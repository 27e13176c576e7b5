"""Starting a table over, or only asking what that would mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from autoloader_service import Autoloader, Place, autoloader, events

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
    for number in range(40):
        place.put(f"{number}.json", events(number * 10, 10))
    ingestion = service.create(place)
    run = service.start_run(ingestion)
    answer = service.http.post(f"/{ingestion}/refresh/full", json={"confirm": True})
    assert answer.status_code == 409
    assert run in answer.json()["detail"]
    assert service.ended(ingestion, run)["status"] == "success"
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
