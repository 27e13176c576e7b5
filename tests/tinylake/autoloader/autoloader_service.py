"""The autoloader as the tests start it, and its API as they call it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import NoSuchTableError
from servers import LIBRARY, WRITER, await_answer, launch, poll

from lakebook.stack import ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyiceberg.table import Table
    from servers import Catalog, Moto, Server

RUN_SECONDS = 60.0
LAUNCHERS = Path(__file__).parent
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lake:
    """A store, a catalog in front of it, and one bucket for sources."""

    store: Moto
    catalog: Catalog
    s3: Any

    def put(self, key: str, body: bytes) -> int:
        """Bytes into the source; their number."""
        self.s3.put_object(Bucket=self.store.bucket, Key=key, Body=body)
        return len(body)

    def table(self, name: str) -> Table:
        options = {
            "uri": self.catalog.uri,
            "warehouse": self.catalog.warehouse,
            "token": WRITER,
            "s3.endpoint": self.store.endpoint,
            "s3.region": self.store.region,
            "header.X-Iceberg-Access-Delegation": "vended-credentials",
        }
        return load_catalog("test", type="rest", **options).load_table(name)

    def rows(self, name: str) -> list[Row]:
        """All rows, sorted by id."""
        return sorted(self.table(name).scan().to_arrow().to_pylist(), key=lambda row: row["id"])

    def exists(self, name: str) -> bool:
        try:
            self.table(name)
        except NoSuchTableError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Place:
    """A source prefix and a table that no other test uses."""

    lake: Lake
    prefix: str = field(default_factory=lambda: f"source/{uuid4().hex[:8]}/")
    namespace: str = field(default_factory=lambda: f"ns_{uuid4().hex[:8]}")

    @property
    def table(self) -> str:
        return f"{self.namespace}.events"

    def path(self, name: str) -> str:
        return f"s3://{self.lake.store.bucket}/{self.prefix}{name}"

    def put(self, name: str, rows: Sequence[Row] | bytes) -> int:
        """Rows as newline-delimited JSON, or bytes as they are."""
        return self.lake.put(self.prefix + name, rows if isinstance(rows, bytes) else ndjson(rows))

    def rows(self) -> list[Row]:
        return self.lake.rows(self.table)

    def snapshots(self) -> list[int]:
        return [entry.snapshot_id for entry in self.lake.table(self.table).metadata.snapshots]

    def body(self, **changes: Any) -> dict[str, Any]:
        """A create request; `changes` replace its parts."""
        store = self.lake.store
        return {
            "name": "events",
            "source": {
                "type": "s3",
                "path": self.path(""),
                "file_pattern": "*.json",
                "credentials": {
                    "aws_access_key_id": store.access_key_id,
                    "aws_secret_access_key": store.secret_access_key,
                    "endpoint_url": store.endpoint,
                    "region": store.region,
                },
            },
            "format": {"type": "json"},
            "destination": {"catalog": "lake", "database": self.namespace, "table": "events"},
            **changes,
        }


@dataclass(slots=True)
class Autoloader:
    """One service process on a database of its own; `restart` starts another on the same database."""

    lake: Lake
    folder: Path
    catalog_uri: str
    server: Server
    http: httpx.Client

    def create(self, place: Place, **changes: Any) -> str:
        answer = self.http.post("/", json=place.body(**changes))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def start_run(self, ingestion: str) -> str:
        answer = self.http.post(f"/{ingestion}/run")
        assert answer.status_code == 202, answer.text
        return str(answer.json()["run_id"])

    def ended(self, ingestion: str, run: str) -> dict[str, Any]:
        """The run, once it has ended."""

        def look() -> dict[str, Any] | None:
            found = self.http.get(f"/{ingestion}/runs/{run}").json()
            return found if found["status"] != "running" else None

        return dict(poll(f"end of {run}", look, seconds=RUN_SECONDS))

    def run(self, ingestion: str) -> dict[str, Any]:
        return self.ended(ingestion, self.start_run(ingestion))

    def only_run(self, ingestion: str) -> dict[str, Any]:
        """The one run of an ingestion, once it has ended."""
        (run,) = self.http.get(f"/{ingestion}/runs/").json()
        return self.ended(ingestion, run["id"])

    @property
    def log(self) -> str:
        return self.server.log.read_text()


def environment(lake: Lake, database: str, catalog_uri: str) -> dict[str, str]:
    values = {
        "DATABASE": database,
        "CATALOG_URI": catalog_uri,
        "CATALOG_WAREHOUSE": lake.catalog.warehouse,
        "CATALOG_LOGIN": json.dumps({"token": WRITER}),
        "STORE": json.dumps({"s3.endpoint": lake.store.endpoint, "s3.region": lake.store.region}),
    }
    named = {f"TINYLAKE_AUTOLOADER_{name}": value for name, value in values.items()}
    return {**os.environ, "PYTHONPATH": f"{LIBRARY}{os.pathsep}{LAUNCHERS}", **named}


@contextmanager
def autoloader(
    lake: Lake,
    folder: Path,
    *,
    module: str = "tinylake.autoloader",
    catalog_uri: str | None = None,
    database: str | None = None,
    **extra: str,
) -> Iterator[Autoloader]:
    """The service, or a launcher that breaks it, on `database`, else on one in `folder`; ends with the block."""
    uri = catalog_uri or lake.catalog.uri
    values = environment(lake, database or f"sqlite:///{folder / 'autoloader.db'}", uri)
    port = ports.free()
    command = [sys.executable, "-m", module, "--host", "127.0.0.1", "--port", str(port)]
    server = launch(command, folder / "autoloader.log", {**values, **extra})
    try:
        await_answer(server, f"http://127.0.0.1:{port}/health")
        base = f"http://127.0.0.1:{port}/api/v1/ingestions"
        with httpx.Client(base_url=base, timeout=60, follow_redirects=True) as http:
            yield Autoloader(lake, folder, uri, server, http)
    finally:
        server.stop()


def events(first: int, count: int) -> list[Row]:
    """Rows of the base schema, ids from `first` on."""
    return [
        {
            "id": number,
            "timestamp": f"2026-01-01T00:00:{number % 60:02d}Z",
            "user_id": f"user_{number % 7}",
            "event_type": ("login", "pageview", "click", "purchase")[number % 4],
            "value": number / 2 + 0.25,
        }
        for number in range(first, first + count)
    ]


def evolved(first: int, count: int) -> list[Row]:
    """Rows of the evolved schema."""
    extra = {"region": "eu", "metadata": {"browser": "firefox", "version": "1", "device": "phone"}}
    return [{**row, **extra} for row in events(first, count)]


def ndjson(rows: Sequence[Row]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)
