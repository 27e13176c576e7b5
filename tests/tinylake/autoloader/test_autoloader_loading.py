"""Files in, rows out."""

from __future__ import annotations

import gzip
import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pyarrow as pa
import pyarrow.csv
import pyarrow.orc
import pyarrow.parquet
import pytest
from autoloader_service import Autoloader, Lake, Place, autoloader, events, evolved, ndjson
from servers import CLIENT_ID, CLIENT_SECRET, Catalog, catalog, poll

from tinylake.autoloader import source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_run_loads_every_row_as_it_was(service: Autoloader, place: Place) -> None:
    sizes = [place.put(f"batch_{n}.json", events(n * 100, 100)) for n in range(3)]
    ingestion = service.create(place)
    run = service.run(ingestion)
    assert run["status"] == "success", run
    assert place.rows() == events(0, 300)
    metrics = run["metrics"]
    assert (metrics["files_processed"], metrics["records_ingested"]) == (3, 300)
    assert (metrics["bytes_read"], metrics["error_count"]) == (sum(sizes), 0)
    assert metrics["bytes_written"] > 0
    assert run["started_at"] < run["ended_at"]


@pytest.mark.parametrize("names", ["{:05d}", "é{:05d}", "gone/{:05d}"], ids=["all there", "other bytes", "none there"])
def test_a_listing_in_parts_shows_what_a_whole_one_shows(lake: Lake, place: Place, names: str) -> None:
    for name in [f"{number:05d}" for number in range(0, 9_000, 200)] + ["a", "z", "é04000", "\U0001f600"]:
        lake.put(place.prefix + name, b"x")
    definition = place.body()["source"]
    opened = source.open_source(definition, definition["credentials"])
    known = [place.path(names.format(number)) for number in range(9_000)]
    assert list(opened.objects(known)) == list(opened.objects())
    assert len(list(opened.objects(known))) == 49


def test_columns_have_the_types_of_the_values(service: Autoloader, place: Place) -> None:
    row = {
        "id": 1,
        "at": "2026-01-01T00:00:00Z",
        "v": 1.5,
        "ok": True,
        "m": {"t": "2026-01-01", "n": 2},
        "l": ["2026-01-01"],
    }
    place.put("a.json", [{**row, "nothing": None, "empty": {}, "none": []}])
    assert service.run(service.create(place))["status"] == "success"
    schema = service.lake.table(place.table).schema()
    kinds = {field.name: type(field.field_type).__name__ for field in schema.fields}
    assert kinds == {
        "id": "LongType",
        "at": "StringType",
        "v": "DoubleType",
        "ok": "BooleanType",
        "m": "StructType",
        "l": "ListType",
    }
    assert [str(schema.find_type(name)) for name in ("m.t", "m.n", "l.element")] == ["string", "long", "string"]
    assert place.rows() == [row]


def test_integers_and_floats_of_one_new_column_make_a_double(service: Autoloader, place: Place) -> None:
    place.put("a.json", [{"id": 1, "v": 1}])
    place.put("b.json", [{"id": 2, "v": 2.5}])
    assert service.run(service.create(place))["status"] == "success"
    assert place.rows() == [{"id": 1, "v": 1.0}, {"id": 2, "v": 2.5}]


def test_a_second_run_reads_only_new_files(service: Autoloader, place: Place) -> None:
    place.put("a.json", events(0, 10))
    ingestion = service.create(place)
    service.run(ingestion)
    place.put("b.json", events(10, 5))
    run = service.run(ingestion)
    assert (run["metrics"]["files_processed"], run["metrics"]["records_ingested"]) == (1, 5)
    assert place.rows() == events(0, 15)


def test_a_run_with_nothing_new_succeeds_and_adds_no_snapshot(service: Autoloader, place: Place) -> None:
    place.put("a.json", events(0, 10))
    ingestion = service.create(place)
    service.run(ingestion)
    before = place.snapshots()
    run = service.run(ingestion)
    assert (run["status"], run["metrics"]["files_processed"]) == ("success", 0)
    assert place.snapshots() == before


def test_a_run_over_an_empty_source_succeeds_without_a_table(service: Autoloader, place: Place) -> None:
    run = service.run(service.create(place))
    assert (run["status"], run["metrics"]["files_processed"]) == ("success", 0)
    assert not service.lake.exists(place.table)


def test_empty_files_are_processed_once_and_add_no_snapshot(service: Autoloader, place: Place) -> None:
    place.put("a.json", b"")
    ingestion = service.create(place)
    assert service.run(ingestion)["metrics"]["files_processed"] == 1
    assert service.run(ingestion)["metrics"]["files_processed"] == 0


def test_a_file_overwritten_after_it_was_loaded_is_named_and_not_loaded_again(
    service: Autoloader, place: Place
) -> None:
    place.put("a.json", events(0, 10))
    ingestion = service.create(place)
    service.run(ingestion)
    place.put("a.json", events(100, 10))
    place.put("b.json", events(10, 5))
    run = service.run(ingestion)
    assert run["status"] == "partial"
    assert [(error["file"], error["error_type"]) for error in run["errors"]] == [(place.path("a.json"), "changed_file")]
    assert place.rows() == events(0, 15)


def test_two_runs_at_once_load_every_file_once(service: Autoloader, place: Place) -> None:
    for number in range(20):
        place.put(f"{number}.json", events(number * 10, 10))
    ingestion = service.create(place)
    with ThreadPoolExecutor(2) as pool:
        ids = list(pool.map(service.start_run, [ingestion] * 2))
    ended = [service.ended(ingestion, run) for run in ids]
    assert [run["status"] for run in ended] == ["success", "success"]
    assert sum(run["metrics"]["files_processed"] for run in ended) == 20
    assert place.rows() == events(0, 200)


def test_ingestions_that_create_the_same_table_at_once_both_succeed(service: Autoloader, place: Place) -> None:
    places = [Place(place.lake, namespace=place.namespace) for _ in range(4)]
    for number, other in enumerate(places):
        other.put("a.json", (events if number % 2 else evolved)(number * 10, 10))
    ingestions = [service.create(other) for other in places]
    runs = [service.start_run(ingestion) for ingestion in ingestions]
    ended = [service.ended(*pair) for pair in zip(ingestions, runs, strict=True)]
    assert [run["status"] for run in ended] == ["success"] * 4, ended
    assert [row["id"] for row in place.rows()] == list(range(40))
    assert sum(row["region"] == "eu" for row in place.rows()) == 20


def test_many_small_files_load_in_one_run(service: Autoloader, place: Place) -> None:
    for number in range(120):
        place.put(f"{number:03}.json", events(number * 3, 3))
    run = service.run(service.create(place))
    assert (run["status"], run["metrics"]["files_processed"]) == ("success", 120)
    assert place.rows() == events(0, 360)


def test_only_files_whose_base_name_matches_are_loaded(service: Autoloader, place: Place) -> None:
    place.put("a.json", events(0, 1))
    place.put("deep/b.json", events(1, 1))
    place.put("c.txt", b"not json")
    assert service.run(service.create(place))["metrics"]["files_processed"] == 2
    assert place.rows() == events(0, 2)


def test_a_path_without_a_slash_does_not_take_in_its_siblings(service: Autoloader, place: Place) -> None:
    place.put("orders/a.json", events(0, 1))
    place.put("orders2/b.json", events(1, 1))
    source = {**place.body()["source"], "path": place.path("orders")}
    assert service.run(service.create(place, source=source))["metrics"]["files_processed"] == 1
    assert place.rows() == events(0, 1)


def test_gzipped_json_loads_to_the_same_rows(service: Autoloader, place: Place) -> None:
    place.put("a.json.gz", gzip.compress(ndjson(evolved(0, 50))))
    body = place.body()
    assert (
        service.run(service.create(place, source={**body["source"], "file_pattern": "*.json.gz"}))["status"]
        == "success"
    )
    assert place.rows() == evolved(0, 50)


def _bytes_of(write: Callable[[pa.Table, io.BytesIO], None]) -> bytes:
    sink = io.BytesIO()
    write(pa.Table.from_pylist(events(0, 50)), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("kind", "write"),
    [("csv", pa.csv.write_csv), ("parquet", pa.parquet.write_table), ("orc", pa.orc.write_table)],
)
def test_other_formats_load_to_the_same_rows(
    service: Autoloader, place: Place, kind: str, write: Callable[[pa.Table, io.BytesIO], None]
) -> None:
    place.put(f"a.{kind}", _bytes_of(write))
    body = place.body()
    changes = {"source": {**body["source"], "file_pattern": f"*.{kind}"}, "format": {"type": kind}}
    run = service.run(service.create(place, **changes))
    assert run["status"] == "success", run
    assert place.rows() == events(0, 50)


def test_a_partitioned_table_has_its_rows_in_their_partitions(service: Autoloader, place: Place) -> None:
    place.put("a.json", events(0, 40))
    place.put("b.json", [{"id": 40, "timestamp": "x", "user_id": "y", "event_type": None, "value": 1.0}])
    destination = {**place.body()["destination"], "partitioning": {"enabled": True, "columns": ["event_type"]}}
    run = service.run(service.create(place, destination=destination))
    assert run["status"] == "success", run
    table = service.lake.table(place.table)
    assert [field.name for field in table.spec().fields] == ["event_type"]
    parts = {task.file.partition[0]: task.file.record_count for task in table.scan().plan_files()}
    assert parts == {"login": 10, "pageview": 10, "click": 10, "purchase": 10, None: 1}
    assert len(place.rows()) == 41


def test_a_malformed_file_fails_alone_and_a_retry_loads_just_it(service: Autoloader, place: Place) -> None:
    place.put("a.json", events(0, 10))
    place.put("b.json", ndjson(events(10, 5)) + b"\n{oops\n")
    ingestion = service.create(place)
    run = service.run(ingestion)
    assert run["status"] == "partial"
    (error,) = run["errors"]
    assert (error["file"], error["error_type"]) == (place.path("b.json"), "malformed_record")
    assert "line 7" in error["message"]
    assert place.rows() == events(0, 10)

    place.put("b.json", events(10, 5))
    place.put("c.json", events(50, 5))
    answer = service.http.post(f"/{ingestion}/runs/{run['id']}/retry")
    assert answer.status_code == 202
    again = service.ended(ingestion, answer.json()["run_id"])
    assert (again["status"], again["trigger"], again["metrics"]["files_processed"]) == ("success", "retry", 1)
    assert place.rows() == events(0, 15)


def test_a_run_of_only_malformed_files_fails(service: Autoloader, place: Place) -> None:
    place.put("a.json", b"nonsense\n")
    run = service.run(service.create(place))
    assert (run["status"], run["metrics"]["error_count"]) == ("failed", 1)
    assert "line 1" in run["errors"][0]["message"]


def test_large_files_are_read_in_blocks_and_keep_every_row(service: Autoloader, place: Place) -> None:
    rows = [{"id": number, "text": "x" * 1000, "at": "2026-01-01T00:00:00Z"} for number in range(20_000)]
    place.put("a.json", b"\n".join(json.dumps(row).encode() for row in rows))
    run = service.run(service.create(place))
    assert (run["status"], run["metrics"]["records_ingested"]) == ("success", 20_000)
    assert place.rows() == rows


def test_a_token_that_ended_is_no_harm_to_a_service_that_has_a_secret(lake: Lake, place: Place, tmp_path: Path) -> None:
    with catalog(lake.store, tmp_path, TOKEN_SECONDS="1") as brief:
        tokens = f"{brief.uri}/v1/oauth/tokens"
        login = {"credential": f"{CLIENT_ID}:{CLIENT_SECRET}", "oauth2-server-uri": tokens, "scope": "catalog"}
        form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        given = {"catalog_uri": brief.uri, "TINYLAKE_AUTOLOADER_CATALOG_LOGIN": json.dumps(login)}
        with autoloader(lake, tmp_path, **given) as service:
            ingestion = service.create(place)
            for number in range(2):
                place.put(f"batch_{number}.json", events(number * 10, 10))
                run = service.run(ingestion)
                assert (run["status"], run["metrics"]["records_ingested"]) == ("success", 10)
                token = httpx.post(tokens, data=form).json()["access_token"]
                poll("the end of a token", lambda: is_refused(brief, token), seconds=10)  # noqa: B023 - called at once
        assert CLIENT_SECRET not in service.log


def is_refused(brief: Catalog, token: str) -> bool:
    with brief.http(token) as client:
        return client.get("/namespaces").status_code == 401
