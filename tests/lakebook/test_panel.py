"""The panel of a check: what differs stands out where it matters, and only there."""

from __future__ import annotations

import pytest

from lakebook import panel, requirement
from lakebook.verdict import Check, Verdict

EXPECTED, GOT = {"files": "2 or more", "rows": 10}, {"files": 4, "rows": 10}


@pytest.mark.parametrize(
    ("verdict", "times"), [(Verdict.PASS, 0), (Verdict.FAIL, 1), (Verdict.UNKNOWN, 1), (Verdict.KNOWN_FAILURE, 1)]
)
def test_what_differs_is_marked_unless_the_check_passed(verdict: Verdict, times: int) -> None:
    shown = panel.check(Check("ING-03", verdict, EXPECTED, GOT), requirement.get("ING-03"))
    assert shown._repr_html_().count("class=differs") == times
    assert "'2 or more'" in repr(shown)
