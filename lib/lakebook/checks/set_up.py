"""The decider about a catalog that is set up twice through its own API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.lake.set_up import Again

_KINDS = ("tenants", "warehouses", "catalogs")


def changes_nothing(again: Again) -> Decision:
    """Hold where each kind of thing was there after the first set-up, and is the same, by id, after the second.

    A catalog that lists a kind not at all has none of it. One without a warehouse or a catalog was never set up.
    """
    expected = {kind: _named(again.before.get(kind, ())) for kind in _KINDS}
    got = {kind: _named(again.after.get(kind, ())) for kind in _KINDS}
    there = bool(again.before.get("catalogs"))
    same = again.before == again.after
    address = {"where clients are sent": "as before"}
    return Decision(
        same and again.same_address if there else None,
        {**expected, **address},
        {**got, "where clients are sent": "as before" if again.same_address else "elsewhere"},
        todo="a set-up that runs twice, as every one does some day, must find what it made, by its name",
    )


def _named(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted(", ".join(f"{name} {one[name]}" for name in sorted(one)) for one in entries)
