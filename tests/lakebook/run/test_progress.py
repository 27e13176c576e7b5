"""What came of a scenario is shown whole, with the reason of each red check that has one of its own."""

from __future__ import annotations

from rich.console import Console

from lakebook.run.execute import Result
from lakebook.run.progress import Live
from lakebook.verdict import Check, Verdict

CHECKS = [
    Check("VEND-07", Verdict.FAIL, reason="of another version than the profile's known failures say: a\nb"),
    Check("CAT-06", Verdict.UNKNOWN, reason="the catalog died"),
    Check("CAT-07", Verdict.PASS),
]
RED = Result("s", "catalog", "", "p", Verdict.FAIL, 1.0, "", "", "the catalog died\n  next", "", {}, CHECKS)


def test_a_red_scenario_is_one_piece_and_a_reason_is_told_once() -> None:
    console = Console(width=80, record=True, highlight=False)
    with Live(console) as live:
        live.ended(RED)
    assert [line.rstrip() for line in console.export_text().splitlines() if line.strip()] == [
        "✘ fail  catalog/s  p  1.0 s",
        "    ✘ fail VEND-07  of another version than the profile's known failures say: a",
        "    ? unknown CAT-06",
        "    the catalog died",
        "      next",
    ]
