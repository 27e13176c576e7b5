"""Deciders about a table's columns. Source: Iceberg specification, schema evolution."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from lakebook.checks.plain import equal
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lakebook.lake.table import TableVersion


def columns(got: Mapping[str, str], expected: Mapping[str, str], *, table: str = "") -> Decision:
    """Hold where the table has exactly these columns, with these types; their order does not matter."""
    return equal(
        dict(sorted(expected.items())),
        dict(sorted(got.items())),
        where=table,
        todo="compare the inferred schema with the first file",
    )


def columns_added(
    before: TableVersion, after: TableVersion, *, new: Iterable[str], dropped: Iterable[str] = ()
) -> Decision:
    """Hold where exactly the fields `new` were added to the same table, with its old fields and its history.

    `new` are full names, nested fields included; `dropped` are old fields that had to go. Since `before` there must be
    appends only: rows that were written again are not the old rows, even if they look like them.
    """
    gone = set(dropped)
    head = before.lineage[0][0] if before.lineage else None
    ancestors = [snapshot for snapshot, _ in after.lineage]
    kept = head in ancestors
    since = list(takewhile(lambda one: one[0] != head, after.lineage))
    expected = {
        "table": before.uuid,
        "history goes on from": head,
        "by": ["append"],
        "fields kept": _listed({i: name for i, name in before.fields.items() if name not in gone}),
        "fields added": sorted(new),
    }
    got = {
        "table": after.uuid,
        "history goes on from": head if kept else "another snapshot",
        "by": sorted({operation for _, operation in since}),
        "fields kept": _listed({i: name for i, name in after.fields.items() if i in before.fields}),
        "fields added": sorted(name for i, name in after.fields.items() if i not in before.fields),
    }
    return equal(expected, got, todo="a table made anew, or columns put in place of others, lose history and values")


def ids_never_reused(version: TableVersion, *, again: Iterable[str] = ()) -> Decision:
    """Hold where over all schemas of a table each id means one field, and none is beyond `last-column-id`.

    `again` are fields that were dropped and came back: they must have had an id of their own each time.
    """
    meanings: dict[int, set[str]] = {}
    for fields in version.schemas:
        for identifier, name in fields.items():
            meanings.setdefault(identifier, set()).add(name)
    broken = {str(i): sorted(names) for i, names in meanings.items() if len(names) > 1 or i > version.last_column_id}
    ids = {field: sorted(i for i, names in meanings.items() if field in names) for field in again}
    return Decision(
        len(version.schemas) > 1 and not broken and all(len(each) > 1 for each in ids.values()),
        {
            "schemas": "2 or more",
            "ids with two meanings, or beyond last-column-id": {},
            **{f"ids of {field}, which came back": "2 or more" for field in ids},
        },
        {
            "schemas": len(version.schemas),
            "ids with two meanings, or beyond last-column-id": broken,
            **{f"ids of {field}, which came back": each for field, each in ids.items()},
        },
        f"table {version.uuid}, last-column-id {version.last_column_id}",
        "look at the schemas in the table's metadata file",
    )


def _listed(fields: Mapping[int, str]) -> list[str]:
    return [f"{identifier} {name}" for identifier, name in sorted(fields.items())]
