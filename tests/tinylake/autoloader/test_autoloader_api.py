"""The interface: each call, and each refusal."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from autoloader_service import Autoloader, Lake, Place, autoloader, environment, events, evolved

from lakebook.stack import ports

if TYPE_CHECKING:
    from pathlib import Path


def with_credentials(place: Place, **credentials: Any) -> dict[str, Any]:
    source = place.body()["source"]
    return {**source, "credentials": {**source["credentials"], **credentials}}


def root(service: Autoloader) -> str:
    return str(service.http.base_url).split("/api/", maxsplit=1)[0]


def test_health_names_service_and_version(service: Autoloader) -> None:
    expected = {"status": "ok", "service": "tinylake.autoloader", "version": version("lakebook")}
    assert httpx.get(root(service) + "/health").json() == expected
    assert httpx.get(root(service) + "/").json() == expected


def test_clusters_name_the_engine(service: Autoloader) -> None:
    (cluster,) = httpx.get(root(service) + "/api/v1/clusters").json()
    assert (cluster["id"], cluster["engine"]) == ("local", "arrow")


def test_a_new_ingestion_is_a_draft_and_get_returns_it_unchanged(service: Autoloader, place: Place) -> None:
    answer = service.http.post("/", json=place.body())
    made = answer.json()
    assert (answer.status_code, made["status"]) == (201, "draft")
    assert service.http.get(f"/{made['id']}").json() == made
    assert made in service.http.get("/").json()
    assert (made["cluster_id"], made["on_schema_change"]) == ("local", "append_new_columns")
    assert made["source"]["credentials"] == {
        "endpoint_url": place.lake.store.endpoint,
        "region": place.lake.store.region,
    }
    assert made["metadata"]["next_run_time"] is None


def test_runs_are_listed_newest_first_as_get_shows_them(service: Autoloader, place: Place) -> None:
    ingestion = service.create(place)
    ended = [service.run(ingestion) for _ in range(3)]
    assert service.http.get(f"/{ingestion}/runs").json() == ended[::-1]
    assert service.http.get(f"/{ingestion}/runs", params={"limit": 1}).json() == ended[2:]
    assert service.http.get(f"/{ingestion}").json()["metadata"]["last_run_id"] == ended[2]["id"]


def test_status_schedule_and_quality_can_be_changed(service: Autoloader, place: Place) -> None:
    ingestion = service.create(place)
    change = {"status": "active", "schedule": {"frequency": "hourly"}, "alert_recipients": ["a@example.org"]}
    changed = service.http.put(f"/{ingestion}", json=change).json()
    assert (changed["status"], changed["schedule"]["frequency"]) == ("active", "hourly")
    assert changed["quality"]["alert_recipients"] == ["a@example.org"]
    assert service.http.get(f"/{ingestion}").json() == changed


def test_pause_and_resume_change_the_status(service: Autoloader, place: Place) -> None:
    ingestion = service.create(place)
    assert service.http.post(f"/{ingestion}/pause").json() == {"status": "paused"}
    assert service.http.get(f"/{ingestion}").json()["status"] == "paused"
    assert service.http.post(f"/{ingestion}/resume").json() == {"status": "active"}


def test_processed_files_can_be_forgotten(service: Autoloader, place: Place) -> None:
    place.put("a.json", events(0, 10))
    ingestion = service.create(place)
    service.run(ingestion)
    answer = service.http.delete(f"/{ingestion}/processed-files")
    assert (answer.status_code, answer.json()["files_cleared"], answer.json()["ingestion_id"]) == (200, 1, ingestion)
    assert service.run(ingestion)["metrics"]["files_processed"] == 1
    assert len(place.rows()) == 20


@pytest.mark.parametrize("with_table", [False, True])
def test_delete_drops_the_table_only_where_asked(service: Autoloader, place: Place, with_table: bool) -> None:
    place.put("a.json", events(0, 10))
    ingestion = service.create(place)
    service.run(ingestion)
    answer = service.http.delete(f"/{ingestion}", params={"delete_table": with_table})
    assert answer.status_code == 204
    assert service.http.get(f"/{ingestion}").status_code == 404
    assert place.lake.exists(place.table) is not with_table


def test_test_shows_schema_and_rows_and_saves_nothing(service: Autoloader, place: Place) -> None:
    place.put("a.json", events(0, 10))
    ingestion = service.create(place)
    service.run(ingestion)
    place.put("b.json", evolved(10, 10))
    before = service.http.get("/").json(), place.snapshots()
    found = service.http.post("/test", json=place.body()).json()
    assert {column["name"]: column["is_new"] for column in found["schema"]} == {
        **dict.fromkeys(events(0, 1)[0], False),
        "region": True,
        "metadata": True,
    }
    assert [json.loads(row) for row in found["sample_data"]] == events(0, 5)
    assert (found["file_count"], found["estimated_records"]) == (2, 20)
    assert (service.http.get("/").json(), place.snapshots()) == before


@pytest.mark.parametrize(("frequency", "runs"), [(None, 1), ("hourly", 720), ("daily", 30), ("weekly", 4)])
def test_the_cost_estimate_adds_up(service: Autoloader, place: Place, frequency: str | None, runs: int) -> None:
    size = place.put("a.json", events(0, 1000))
    found = service.http.post("/estimate-cost", json=place.body(schedule={"frequency": frequency})).json()
    monthly = found["compute_monthly"] + found["storage_monthly"] + found["discovery_monthly"]
    assert found["total_monthly"] == pytest.approx(monthly)
    assert found["compute_monthly"] == pytest.approx(found["compute_per_run"] * runs)
    assert (found["breakdown_details"]["bytes"], found["breakdown_details"]["runs_per_month"]) == (size, runs)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": None}, "name"),
        ({"source": None}, "source"),
        ({"destination": {"catalog": "lake", "table": "t"}}, "destination.database"),
        ({"destination": {"catalog": "lake", "database": "d", "table": "t", "write_mode": "merge"}}, "write_mode"),
        ({"source": {"type": "ftp", "path": "ftp://x"}}, "source.type"),
        ({"source": {"type": "s3", "path": "/local"}}, "source.path"),
        ({"on_schema_change": "panic"}, "on_schema_change"),
        ({"schedule": {"frequency": "custom"}}, "cron_expression"),
        ({"format": {"type": "json", "schema": {"inference": "manual"}}}, "inference"),
        (
            {
                "destination": {
                    "catalog": "lake",
                    "database": "d",
                    "table": "t",
                    "optimization": {"z_ordering_enabled": True},
                }
            },
            "z_ordering_enabled",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_invalid_request_is_refused_by_the_name_of_the_field(
    service: Autoloader, place: Place, change: dict[str, Any], named: str
) -> None:
    answer = service.http.post("/", json=place.body(**change))
    assert answer.status_code == 422
    assert any(named in error["msg"] for error in answer.json()["detail"]), answer.text
    assert place.lake.store.secret_access_key not in answer.text


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/ing-nowhere"),
        ("PUT", "/ing-nowhere"),
        ("DELETE", "/ing-nowhere"),
        ("POST", "/ing-nowhere/run"),
        ("POST", "/ing-nowhere/pause"),
        ("POST", "/ing-nowhere/resume"),
        ("DELETE", "/ing-nowhere/processed-files"),
        ("GET", "/ing-nowhere/runs"),
        ("GET", "/ing-nowhere/runs/run-nowhere"),
        ("POST", "/ing-nowhere/runs/run-nowhere/retry"),
        ("GET", "/ing-nowhere/schema-versions"),
    ],
)
def test_an_unknown_id_is_refused_by_that_id(service: Autoloader, method: str, address: str) -> None:
    answer = service.http.request(method, address, json={})
    assert answer.status_code == 404
    assert "ing-nowhere" in answer.json()["detail"]


def test_a_run_that_succeeded_is_not_retried(service: Autoloader, place: Place) -> None:
    ingestion = service.create(place)
    run = service.run(ingestion)
    answer = service.http.post(f"/{ingestion}/runs/{run['id']}/retry")
    assert answer.status_code == 409
    assert run["id"] in answer.json()["detail"]


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("secret key", {"credentials": {"aws_secret_access_key": "wrong-secret"}}, "invalid_credentials", "http://"),
    ("access key", {"credentials": {"aws_access_key_id": "AKIAWRONGWRONGWRONG1"}}, "invalid_credentials", "http://"),
    ("bucket", {"path": "s3://no-such-bucket/data/"}, "missing_bucket", "no-such-bucket"),
    ("address", {"credentials": {"endpoint_url": "http://127.0.0.1:9"}}, "endpoint_unreachable", "127.0.0.1:9"),
    ("format", {"format": {"type": "papyrus"}}, "unsupported_format", "papyrus"),
    ("cluster", {"cluster_id": "moon"}, "unknown_cluster", "moon"),
    ("catalog", {"destination": {"catalog": "pond", "database": "d", "table": "t"}}, "unknown_catalog", "pond"),
]


@pytest.mark.parametrize(("_what", "change", "error_type", "named"), WRONG, ids=[case[0] for case in WRONG])
def test_what_is_wrong_fails_the_run_with_cause_and_address(
    service: Autoloader, place: Place, _what: str, change: dict[str, Any], error_type: str, named: str
) -> None:
    place.put("a.json", events(0, 1))
    source = with_credentials(place, **change.get("credentials", {}))
    source |= {key: value for key, value in change.items() if key == "path"}
    rest = {key: value for key, value in change.items() if key in {"format", "cluster_id", "destination"}}
    run = service.run(service.create(place, source=source, **rest))
    assert (run["status"], run["errors"][0]["error_type"]) == ("failed", error_type), run
    assert named in run["errors"][0]["message"]
    assert run["metrics"]["duration_seconds"] < 20
    assert not place.lake.exists(place.table)


def test_a_catalog_that_does_not_answer_fails_the_run_with_its_address(
    lake: Lake, place: Place, tmp_path: Path
) -> None:
    place.put("a.json", events(0, 1))
    with autoloader(lake, tmp_path, catalog_uri="http://127.0.0.1:9") as service:
        run = service.run(service.create(place))
    assert (run["status"], run["errors"][0]["error_type"]) == ("failed", "catalog_unreachable")
    assert "http://127.0.0.1:9" in run["errors"][0]["message"]


def test_error_types_are_a_closed_list_in_the_interface_description(service: Autoloader) -> None:
    described = httpx.get(root(service) + "/openapi.json").json()["components"]["schemas"]
    assert {"malformed_record", "type_conflict", "missing_bucket"} <= set(described["ErrorType"]["enum"])


def test_secrets_appear_in_no_answer_log_or_snapshot(lake: Lake, place: Place, tmp_path: Path) -> None:
    secrets = [lake.store.secret_access_key, lake.store.access_key_id, "writer-token", "wrong-secret-key", "hunter22"]
    place.put("a.json", events(0, 5))
    place.put("b.json", b"bad\n")
    said: list[str] = []
    with autoloader(lake, tmp_path) as service:
        service.http.event_hooks = {"response": [lambda answer: (answer.read(), said.append(answer.text))]}
        ingestion = service.create(place)
        service.run(ingestion)
        wrong = with_credentials(place, aws_secret_access_key="wrong-secret-key")
        userinfo = with_credentials(place, endpoint_url="http://user:hunter22@127.0.0.1:9")
        for source in (wrong, userinfo):
            service.run(service.create(place, source=source))
            service.http.post("/test", json=place.body(source=source))
            service.http.post("/estimate-cost", json=place.body(source=source))
            service.http.post("/", json={"source": source})
        for address in ("/", f"/{ingestion}", f"/{ingestion}/runs", f"/{ingestion}/schema-versions"):
            service.http.get(address)
        said.append(service.log)
    with autoloader(lake, tmp_path) as service:
        service.http.get("/")
        said.append(service.log)
    summaries = [str(entry.summary) for entry in lake.table(place.table).metadata.snapshots]
    for secret in secrets:
        assert not [text for text in [*said, *summaries] if secret in text], secret
    assert (tmp_path / "autoloader.db").stat().st_mode & 0o077 == 0


def test_missing_settings_are_named_and_end_the_start(lake: Lake, tmp_path: Path) -> None:
    given = environment(lake, tmp_path, lake.catalog.uri)
    del given["TINYLAKE_AUTOLOADER_CATALOG_URI"]
    command = [sys.executable, "-m", "tinylake.autoloader", "--port", str(ports.free())]
    ended = subprocess.run(command, env=given, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "TINYLAKE_AUTOLOADER_CATALOG_URI" in ended.stderr
