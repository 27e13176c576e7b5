"""The decider about rows after a fault: each of them there, once, and the fault proven to have happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.checks import rows
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.faults import Exchange, Fault
    from lakebook.lake.ingestion import Run
    from lakebook.lake.table import Comparison

_TOOK_EFFECT = 200


def after(
    fault: Fault, exchanges: Sequence[Exchange], comparison: Comparison, *, next_run: Run, idle_run: Run
) -> Decision:
    """Hold where the table has every row once after a fault, a run with more files, and a run with nothing new.

    `exchanges` is the record of the proxy that the fault was injected into. Where it does not show that the fault
    happened as it was meant, as often as it was meant, rows that are right prove nothing: it is undecided.
    """
    same = rows.same(comparison)
    expected_rows, got_rows = dict(same.expected), dict(same.got)
    seen = [one for one in exchanges if one.fault == fault.name]
    wrong = [_line(one) for one in seen if not _as_meant(fault, one)]
    happened = len(seen) == fault.times and not wrong
    expected = {"the fault": meaning(fault), "run with more files": "success", "run after it": "success, 0 files"}
    got = {
        "the fault": meaning(fault) if happened else wrong or f"seen {len(seen)} times",
        "run with more files": next_run.status,
        "run after it": f"{idle_run.status}, {idle_run.metrics.files_processed} files",
    }
    held = same.ok is True and expected == {**got, "the fault": expected["the fault"]}
    return Decision(
        None if held and not happened else held,
        {**expected, **expected_rows},
        {**got, **got_rows},
        f"{fault.name}; {same.where}",
        "look at the attempts after the fault: what did the service do before it tried again?",
    )


def meaning(fault: Fault) -> str:
    """Return what a proxy must have recorded of a fault: the service's answer, then what its client was told."""
    service = str(_TOOK_EFFECT) if fault.reached else "not asked"
    if fault.dropped:
        client = "dropped"
    elif fault.status:
        client = str(fault.status)
    else:
        client = f"{service}, {fault.seconds:g} s later" if fault.seconds else service
    return f"{fault.times} x service {service}, client {client}"


def _as_meant(fault: Fault, one: Exchange) -> bool:
    """Tell whether an exchange went as its fault says. A client that had gone by then was told nothing either."""
    took_effect = one.upstream == (_TOOK_EFFECT if fault.reached else None)
    if fault.dropped:
        told = one.client in ("dropped", "gone")
    elif fault.seconds:
        told = one.seconds >= fault.seconds
    else:
        told = one.client == (fault.status or one.upstream)
    return took_effect and told


def _line(one: Exchange) -> str:
    return f"{one.method} {one.path}: service {one.upstream}, client {one.client}"
