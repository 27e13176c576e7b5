"""Deciders about time: when credentials end, and whether a reader that outlives them finishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from lakebook.lake.long_reader import Part, Try


def enforced(tries: Sequence[Try], *, tolerance_seconds: float) -> Decision:
    """Hold where credentials were taken until their stated expiry, and refused from then on, but for a tolerance.

    A try may take long, and the store decided somewhere in between: it counts as one before the expiry only if it had
    ended by then, and as one after only if it had not begun. Where there is none before, or none after, nothing is
    decided.
    """
    before = {one.outcome for one in tries if one.ended < -tolerance_seconds}
    after = {one.outcome for one in tries if one.began > tolerance_seconds}
    wrong = "refused" in before or "allowed" in after
    decided = before and after and "undecided" not in before | after
    near = f"within {tolerance_seconds:g} s of the stated expiry"
    got = {
        "last taken": _when(max((one.began for one in tries if one.outcome == "allowed"), default=None)),
        "first refused": _when(min((one.ended for one in tries if one.outcome == "refused"), default=None)),
    }
    todo = "compare the stated expiry with that of the session which the store gave the catalog"
    return Decision(False if wrong else (True if decided else None), dict.fromkeys(got, near), got, todo=todo)


def _when(at: float | None) -> str:
    return "never" if at is None else f"{abs(at):.2f} s {'after' if at > 0 else 'before'} the stated expiry"


def finished(parts: Sequence[Part], got: pa.Table | None, expected: pa.Table) -> Decision:
    """Hold where a reader read every row once, with valid credentials only, though its first ones expired meanwhile.

    A reader whose first credentials did not expire while it read has outlived nothing: undecided.
    """
    said = {
        "parts read": f"{sum(part.outcome == 'read' for part in parts)} of {len(parts)}",
        "parts read with expired credentials": sum(not part.valid for part in parts),
        "rows": "as written" if _same(got, expected) else f"{got.num_rows if got else 0:,}, not as written",
        "credentials": _renewed(parts),
    }
    wanted = {
        "parts read": f"{len(parts)} of {len(parts)}",
        "parts read with expired credentials": 0,
        "rows": "as written",
        "credentials": "renewed once the first had expired",
    }
    outlived = any(not part.first_valid for part in parts)
    where = next((part.outcome for part in parts if part.outcome != "read"), "")
    todo = "ask the endpoint that client.refresh-credentials-endpoint names, by hand"
    others = all(said[name] == wanted[name] for name in said if name != "credentials")
    return Decision(None if others and not outlived else said == wanted, wanted, said, where, todo)


def _renewed(parts: Sequence[Part]) -> str:
    late = [part for part in parts if not part.first_valid]
    if not late:
        return "the first did not expire while it read"
    return (
        "the first were used on" if any(part.key_number == 1 for part in late) else "renewed once the first had expired"
    )


def _same(got: pa.Table | None, expected: pa.Table) -> bool:
    """Tell whether two tables hold the same rows, whatever their order; `id` names a row."""
    if got is None or got.num_rows != expected.num_rows or set(got.column_names) != set(expected.column_names):
        return False
    one, other = (table.select(expected.column_names).sort_by("id").combine_chunks() for table in (got, expected))
    return bool(one.cast(expected.schema).equals(other))
