"""The decider about engines that read what others wrote: the same columns, the same values, whoever looks."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakebook.lake.engines import Reading

_SHOWN = 3


def alike(readings: Mapping[str, Reading], expected: Reading, *, writer: str) -> Decision:
    """Hold where each engine shows exactly the expected columns, with their types, and rows, value by value.

    `readings` are by engine. Less than two of them, or no row to show, leave it undecided. Moments are compared as
    moments, whatever zone an engine shows them in; a struct's fields and a map's keys have no order.
    """
    got = {f"read by {name}": _differences(one, expected) or "alike" for name, one in readings.items()}
    wanted = dict.fromkeys(got, "alike")
    decidable = len(readings) > 1 and expected.rows
    todo = "the same files, two answers: compare the types in the metadata with those in the files"
    return Decision(got == wanted if decidable else None, wanted, got, f"written by {writer}", todo)


def _differences(reading: Reading, expected: Reading) -> dict[str, Any]:
    if reading.refusal:
        return {"refused": reading.refusal}
    types = {
        name: f"{reading.columns.get(name)}, expected {expected.columns.get(name)}"
        for name in {**expected.columns, **reading.columns}
        if reading.columns.get(name) != expected.columns.get(name)
    }
    rows = len(reading.rows) - len(expected.rows)
    values = [
        f"id {wanted.get('id')}: {name} is {row.get(name)!r}, expected {value!r}"
        for wanted, row in zip(expected.rows, reading.rows, strict=False)
        for name, value in wanted.items()
        if _plain(row.get(name)) != _plain(value)
    ]
    found = {"types": types, "rows more": rows, "values": values[:_SHOWN]}
    return {name: what for name, what in found.items() if what}


def _plain(value: Any) -> Any:
    """Return a value so that equal means the same: a float that is no number equals itself, and true is not 1."""
    plain: Any = repr(value)
    match value:
        case dict():
            plain = sorted((name, _plain(item)) for name, item in value.items())
        case list() if value and all(isinstance(item, tuple) for item in value):
            plain = sorted(((key, _plain(item)) for key, item in value), key=repr)  # a map
        case list():
            plain = [_plain(item) for item in value]
        case datetime() if value.tzinfo:
            plain = value.astimezone(UTC).isoformat()
        case Decimal():
            plain = f"{value:f}"
    return type(value).__name__, plain
