"""Where a table may lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import catalog_wire as wire
import pytest
import servers

from tinylake.catalog import locations

if TYPE_CHECKING:
    from pathlib import Path

    import httpx


def _post(client: httpx.Client, namespace: str, **body: Any) -> httpx.Response:
    return client.post(f"/namespaces/{namespace}/tables", json={"name": "t", "schema": wire.SCHEMA, **body})


@pytest.mark.parametrize("name", ["..", ".", "*", "a/b", "a b", "...", "%2e%2e"])
def test_a_name_becomes_one_plain_part_of_a_location(name: str) -> None:
    part = locations.plain(name)
    assert locations.within("s3://b/w/", f"s3://b/w/{part}") == f"s3://b/w/{part}/"


@pytest.mark.parametrize(
    "location",
    [
        "s3://lake-bucket/elsewhere/t",
        "s3://other-bucket/warehouse/t",
        "s3://lake-bucket/warehouse2/t",
        "s3://lake-bucket/warehouse",
        "s3://lake-bucket/warehouse/../t",
        "s3://lake-bucket/warehouse/*",
        "s3://lake-bucket/warehouse/a?c",
        "s3://lake-bucket/warehouse/${aws:username}",
        "s3://lake-bucket/warehouse//t",
        "file:/tmp/t",
        "../../t",
    ],
)
def test_a_location_outside_the_warehouse_or_too_wide_is_refused(
    writer: httpx.Client, namespace: str, location: str
) -> None:
    wire.refused(_post(writer, namespace, location=location), 400, "BadRequestException")


def test_a_foreign_location_is_replaced_where_the_settings_say_so(store: servers.Moto, tmp_path: Path) -> None:
    settings = {"LOCATION": f"s3://{store.bucket}/replacing", "FOREIGN_LOCATIONS": "replace"}
    with servers.catalog(store, tmp_path, **settings) as lake, lake.http() as client:
        client.post("/namespaces", json={"namespace": ["n"]})
        made = wire.create(client, "n", location="file:/tmp/n/orders")["metadata"]["location"]
        moved = wire.commit(client, "n", "orders", [{"action": "set-location", "location": "file:/tmp/x"}])
    assert made == f"s3://{store.bucket}/replacing/n/orders"
    assert moved.json()["metadata"]["location"] == made


def test_a_relative_location_lies_below_its_namespace(writer: httpx.Client, namespace: str) -> None:
    made = wire.create(writer, namespace, location="spark-warehouse/orders")
    assert made["metadata"]["location"] == f"s3://lake-bucket/warehouse/{namespace}/spark-warehouse/orders"


def test_a_location_in_around_or_at_another_tables_is_refused(writer: httpx.Client, namespace: str) -> None:
    base = f"s3://lake-bucket/warehouse/{namespace}"
    wire.create(writer, namespace, location=f"{base}/deep/orders")
    for location in (f"{base}/deep/orders", f"{base}/deep/orders/", f"{base}/deep/orders/x", f"{base}/deep"):
        wire.refused(_post(writer, namespace, location=location), 400, "BadRequestException")
    assert _post(writer, namespace, location=f"{base}/deep/orders2").status_code == 200


def test_a_new_table_does_not_move_into_a_dropped_ones_files(writer: httpx.Client, namespace: str) -> None:
    first = wire.create(writer, namespace)["metadata"]["location"]
    writer.delete(f"/namespaces/{namespace}/tables/orders")
    second = wire.create(writer, namespace)["metadata"]["location"]
    assert second.startswith(f"{first}-")
