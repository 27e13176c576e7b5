"""The operations of the REST specification as a catalog may declare them, each asked once, on something of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lakebook import s3
from lakebook.lake import view_requests
from lakebook.lake.rest import Levels, Rest, change, setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyiceberg.schema import Schema

    from lakebook.lake.http import Answer
    from lakebook.lake.session import Lake

_NAMESPACE = "/v1/{prefix}/namespaces/{namespace}"
_TABLE, _VIEW = f"{_NAMESPACE}/tables/{{table}}", f"{_NAMESPACE}/views/{{view}}"
MADE_UP = (f"GET {_NAMESPACE}/nothing-of-the-kind", f"PATCH {_TABLE}")
# What a catalog serves that declares nothing. Source: Iceberg REST specification, getConfig, `endpoints`.
DEFAULT = (
    "GET /v1/{prefix}/namespaces",
    "POST /v1/{prefix}/namespaces",
    f"GET {_NAMESPACE}",
    f"DELETE {_NAMESPACE}",
    f"POST {_NAMESPACE}/properties",
    f"GET {_NAMESPACE}/tables",
    f"POST {_NAMESPACE}/tables",
    f"POST {_NAMESPACE}/register",
    f"GET {_TABLE}",
    f"POST {_TABLE}",
    f"DELETE {_TABLE}",
    f"POST {_TABLE}/metrics",
    "POST /v1/{prefix}/tables/rename",
    "POST /v1/{prefix}/transactions/commit",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: as it is declared, the statuses with which it is served, and what its body then has."""

    declared: str
    ask: Callable[[Place], Answer]
    statuses: tuple[int, ...] = (200,)
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the operations are tried: a namespace with tables, and views where there are any.

    `registered` is the metadata file of a table to register; `file` the address, in the store, of one of the table's.
    """

    rest: Rest
    home: Levels
    schema: Schema
    registered: str = field(repr=False)
    file: str = field(repr=False)

    def of(self, name: str) -> Levels:
        """Return the whole name of a table or view."""
        return (*self.home, name)


def prepare(lake: Lake) -> Place:
    """Make what the operations need, by those that every catalog has."""
    from pyiceberg.schema import Schema  # noqa: PLC0415 - slow to import
    from pyiceberg.types import LongType, NestedField  # noqa: PLC0415

    rest, home = lake.rest(), (lake.namespace,)
    rest.create_namespace(home).require(200)
    for name in ("kept", "to_drop", "to_rename", "to_register"):
        rest.create_table((*home, name)).require(200)
    place = rest.load_table((*home, "to_register")).require(200).body["metadata-location"]
    rest.drop_table((*home, "to_register")).require(204, 200)
    schema = Schema(NestedField(1, "id", LongType(), required=False))
    for name in ("kept_view", "view_to_drop", "view_to_rename") if lake.can("views") else ():
        rest.create_view((*home, name), view_requests.new("SELECT 1 AS id", schema, home)).require(200)
    file = "/".join(s3.split(rest.load_table((*home, "kept")).require(200).body["metadata-location"]))
    return Place(rest, home, schema, place, f"{lake.storage.meta.endpoint_url}/{file}")


def ask_each(place: Place) -> dict[str, Answer]:
    """Return the answer to every operation, declared or not, and to two that nobody specified.

    The view that was made is dropped again: where views are not declared, nobody else will look for it.
    """
    answers = {one.declared: one.ask(place) for one in OPERATIONS}
    made_up = [place.rest.ask(method, _path(place, path)) for method, path in map(str.split, MADE_UP)]
    place.rest.drop_view(place.of("made_view"))
    return answers | dict(zip(MADE_UP, made_up, strict=True))


def _path(place: Place, path: str) -> str:
    named = path.removeprefix("/v1/{prefix}").replace("{namespace}", place.home[0])
    return named.replace("{table}", "kept").replace("{view}", "kept_view")


def _on(path: str, method: str, *statuses: int, fields: tuple[str, ...] = (), body: object = None) -> Operation:
    """Return an operation that is asked with this very body, or none."""
    options = {} if body is None else {"json": body}
    return Operation(
        f"{method} {path}", lambda place: place.rest.ask(method, _path(place, path), **options), statuses, fields
    )


def _signed(place: Place) -> dict[str, object]:
    return {"region": "us-east-1", "method": "GET", "uri": place.file, "headers": {}}


_METADATA = ("metadata.table-uuid", "metadata.location", "metadata.format-version")
_VIEW_METADATA = ("metadata.view-uuid", "metadata.current-version-id", "metadata.versions")
_NOTHING = "00000000-0000-4000-8000-000000000000"
_SCAN = {
    "report-type": "scan-report",
    "table-name": "kept",
    "snapshot-id": -1,
    "filter": True,
    "schema-id": 0,
    "projected-field-ids": [1],
    "projected-field-names": ["id"],
    "metrics": {},
}

OPERATIONS = (
    _on("/v1/{prefix}/namespaces", "GET", 200, fields=("namespaces",)),
    Operation(
        "POST /v1/{prefix}/namespaces",
        lambda place: place.rest.create_namespace((f"{place.home[0]}_made",)),
        fields=("namespace",),
    ),
    _on(_NAMESPACE, "GET", 200, fields=("namespace",)),
    _on(_NAMESPACE, "HEAD", 204),
    Operation(
        f"POST {_NAMESPACE}/properties",
        lambda place: place.rest.update_properties(place.home, updates={"owner": "team a"}),
        fields=("updated", "removed"),
    ),
    Operation(
        f"DELETE {_NAMESPACE}", lambda place: place.rest.drop_namespace((f"{place.home[0]}_made",)), statuses=(204,)
    ),
    _on(f"{_NAMESPACE}/tables", "GET", 200, fields=("identifiers",)),
    Operation(f"POST {_NAMESPACE}/tables", lambda place: place.rest.create_table(place.of("made")), fields=_METADATA),
    Operation(
        f"POST {_NAMESPACE}/register",
        lambda place: place.rest.register_table(place.of("registered"), place.registered),
        fields=_METADATA,
    ),
    _on(_TABLE, "GET", 200, fields=_METADATA),
    _on(_TABLE, "HEAD", 204, 200),
    Operation(
        f"POST {_TABLE}",
        lambda place: place.rest.commit(place.of("kept"), setting(owner="team a")),
        fields=("metadata-location", *_METADATA),
    ),
    Operation(f"DELETE {_TABLE}", lambda place: place.rest.drop_table(place.of("to_drop")), statuses=(204,)),
    _on(f"{_TABLE}/credentials", "GET", 200, fields=("storage-credentials",)),
    _on(f"{_TABLE}/metrics", "POST", 204, body=_SCAN),
    Operation(
        f"POST {_TABLE}/sign",
        lambda place: place.rest.ask("POST", _path(place, f"{_TABLE}/sign"), json=_signed(place)),
        fields=("uri", "headers"),
    ),
    _on(f"{_TABLE}/plan", "POST", 200, fields=("status",), body={}),
    _on(f"{_TABLE}/tasks", "POST", 404, fields=("error.type",), body={"plan-task": _NOTHING}),
    Operation(
        "POST /v1/{prefix}/tables/rename",
        lambda place: place.rest.rename_table(place.of("to_rename"), place.of("renamed")),
        statuses=(204,),
    ),
    Operation(
        "POST /v1/{prefix}/transactions/commit",
        lambda place: place.rest.commit_transaction([change(place.of("kept"), setting(owner="team b"))]),
        statuses=(204,),
    ),
    _on(f"{_NAMESPACE}/views", "GET", 200, fields=("identifiers",)),
    Operation(
        f"POST {_NAMESPACE}/views",
        lambda place: place.rest.create_view(
            place.of("made_view"), view_requests.new("SELECT 1 AS id", place.schema, place.home)
        ),
        fields=_VIEW_METADATA,
    ),
    _on(_VIEW, "GET", 200, fields=_VIEW_METADATA),
    _on(_VIEW, "HEAD", 204),
    Operation(
        f"POST {_VIEW}",
        lambda place: place.rest.replace_view(
            place.of("kept_view"), view_requests.replacement("SELECT 2 AS id", 2, place.home), []
        ),
        fields=_VIEW_METADATA,
    ),
    Operation(f"DELETE {_VIEW}", lambda place: place.rest.drop_view(place.of("view_to_drop")), statuses=(204,)),
    Operation(
        "POST /v1/{prefix}/views/rename",
        lambda place: place.rest.rename_view(place.of("view_to_rename"), place.of("renamed_view")),
        statuses=(204,),
    ),
)
