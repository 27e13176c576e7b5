"""The plainest decision: got equals expected."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from lakebook.verdict import Decision


def equal(expected: Any, got: Any, *, where: str = "", todo: str = "") -> Decision:
    """Hold where both are equal, value by value."""
    return Decision(expected == got, shown(expected), shown(got), where, todo)


def holds(ok: bool, *, expected: str, got: Any, where: str = "", todo: str = "") -> Decision:
    """Hold where `ok` does: for conditions that one sentence says better than two values."""
    return Decision(ok, expected, shown(got), where, todo)


def shown(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {str(key): shown(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            items = sorted(value, key=repr) if isinstance(value, set | frozenset) else value
            return [shown(item) for item in items]
        case datetime() | date():
            return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return shown(asdict(value))
    return shown(value.model_dump()) if hasattr(value, "model_dump") else str(value)
