"""The decider about a catalog that was killed: what it acknowledged is there, and nothing by half."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.faults import Exchange, Fault
    from lakebook.lake.writers import Write

_SHOWN = 5


def kept(
    fault: Fault,
    exchanges: Sequence[Exchange],
    before: Sequence[Write],
    during: Sequence[Write],
    found: Sequence[int],
    *,
    moment: str,
) -> Decision:
    """Hold where a table has each acknowledged write whole and once, no refused one, and of no other a part.

    `before` were made before the kill, `during` while it came and afterwards; `found` are the ids in the table now.
    `moment` says in a word when the kill came.
    Where nothing was acknowledged on either side, or the proxy's record does not show the fault, a table that is right
    proves nothing, and it is undecided.
    """
    seen, writes = Counter(found), [*before, *during]
    wrong = [line for write in writes if (line := _wrong(write, seen))]
    nobodys = sorted(seen.keys() - {one for write in writes for one in write.ids})
    happened = sum(one.fault == fault.name for one in exchanges)
    told = Counter(write.told for write in writes)
    acknowledged = [sum(one.told == "acknowledged" for one in some) for some in (before, during)]
    expected: dict[str, Any] = {"the kill": fault.name, "writes wrong": 0, "rows of nobody": 0}
    got = {
        "the kill": fault.name if happened else "not seen",
        "writes wrong": wrong[:_SHOWN] or 0,
        "rows of nobody": nobodys[:_SHOWN] or 0,
    }
    held = not wrong and not nobodys
    return Decision(
        held if not held or (happened and all(acknowledged)) else None,
        expected,
        got,
        f"{moment}: {', '.join(f'{count} {what}' for what, count in sorted(told.items()))}",
        "an answer must not leave the catalog before what it says is on the disk",
    )


def _wrong(write: Write, seen: Counter[int]) -> str:
    """Return what is wrong about a write; empty where nothing is."""
    times = sorted({seen[one] for one in write.ids})
    allowed = {"acknowledged": [[1]], "refused": [[0]], "unknown": [[0], [1]]}[write.told]
    rows = f"rows {min(write.ids)} to {max(write.ids)}"
    return "" if times in allowed else f"{write.told}: {rows} there {' or '.join(map(str, times))} times"
