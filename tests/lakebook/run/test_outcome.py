"""On the terminal the matrix of a run can be read, however many profiles it has and however narrow the terminal is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console

from lakebook.run import outcome
from lakebook.run.execute import Result
from lakebook.run.results import ProfileRun, Run
from lakebook.verdict import Check, Verdict

NARROW, WIDE = 80, 200
SERVICES = [{"role": "storage", "kind": "moto", "version": "5.2.5", "ready_seconds": 1.21}]
RED = [Check("CAT-06", Verdict.FAIL), Check("CAT-07", Verdict.UNKNOWN), Check("CAT-08", Verdict.PASS)]
KNOWN = [Check("VEND-13", Verdict.KNOWN_FAILURE, reason="not yet")]


def a_run(profiles: int) -> Run:
    """A run of one scenario that is red on the last profile, and of one that was run on the first alone."""
    names = [f"a-profile-with-a-long-name-{number}" for number in range(1, profiles + 1)]
    green = [result("catalog", "restart", name, Check("CAT-06", Verdict.PASS)) for name in names[:-1]]
    results = [
        *green,
        result("catalog", "restart", names[-1], *RED),
        result("credential_vending", "s", names[0], *KNOWN),
    ]
    return Run("2026-11-27T00:00:00Z", 1.5, "", {}, [ProfileRun(name, "", SERVICES) for name in names], results)


def result(workflow: str, scenario: str, profile: str, *checks: Check) -> Result:
    verdict = Verdict.FAIL if len(checks) > 1 else checks[0].verdict
    return Result(scenario, workflow, "", profile, verdict, 1.0, "", "", "", "", {}, checks)


def shown(run: Run, width: int) -> list[str]:
    console = Console(width=width, record=True, highlight=False)
    for part in (outcome.matrix(run, console), outcome.ready(run)):
        console.print(part)
    return [line.rstrip() for line in console.export_text().splitlines()]


@pytest.mark.parametrize("profiles", [3, 10, 22])
def test_where_words_do_not_fit_there_are_signs_and_nothing_is_cut_off(profiles: int) -> None:
    run = a_run(profiles)
    lines = shown(run, NARROW)
    assert "…" not in "".join(lines)
    assert all(any(profile.name in line for line in lines) for profile in run.profiles)
    (restart,) = (line.split() for line in lines if line.startswith("  restart "))
    assert restart == ["restart", *["✔"] * (profiles - 1), "✘"]
    (other,) = (line.split() for line in lines if line.startswith("  s "))
    assert other == ["s", "≈"]
    assert f"✘ fail  catalog/restart on {run.profiles[-1].name}  CAT-06, CAT-07" in lines
    assert "signs: ✘ fail   ≈ known failure   ✔ pass" in lines


def test_signs_that_the_lines_of_what_is_red_explain_are_not_explained_twice() -> None:
    name = "a-profile-with-a-long-name" * 3
    one = result("catalog", "restart", name, Check("CAT-07", Verdict.UNKNOWN))
    lines = shown(replace(a_run(1), profiles=[ProfileRun(name, "", SERVICES)], results=[one]), NARROW)
    assert "? unknown" not in lines
    assert not any(line.startswith("signs:") for line in lines)
    assert any(line.startswith("? unknown  catalog/restart on") for line in lines)


def test_where_words_fit_each_cell_has_its_verdict_and_what_is_red() -> None:
    text = "\n".join(shown(a_run(3), WIDE))
    assert "✘ fail  CAT-06, CAT-07" in text
    assert "✔ pass  1 of 1 checks" in text
    assert "≈ known failure" in text


def test_each_profile_says_how_soon_its_services_were_ready_or_that_it_did_not_start() -> None:
    run = a_run(2)
    dead = replace(run, profiles=[run.profiles[0], ProfileRun("dead", "", error="no room")])
    lines = shown(dead, WIDE)
    assert "1  a-profile-with-a-long-name-1      1.2" in lines
    assert "2  dead  did not start" in lines


def test_the_summary_counts_scenarios_profiles_and_checks() -> None:
    assert outcome.summary(a_run(3)).plain == (
        "✘ fail  2 scenarios on 3 profiles, 6 checks: 1 fail, 1 unknown, 1 known failure, 3 pass  in 1.5 s"
    )
    assert "1 scenario on 1 profile, 1 check:" in outcome.summary(one_green()).plain


def one_green() -> Run:
    run = a_run(2)
    return replace(run, profiles=run.profiles[:1], results=run.results[:1])
