"""The one verb's memory: each check becomes a verdict, a panel, and a line of the run's `checks.jsonl`."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook import panel, secret
from lakebook import requirement as requirements
from lakebook.checks.plain import shown
from lakebook.verdict import Check, Decision, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakebook.profile import KnownFailure

VARIABLE = "LAKEBOOK_CHECKS"


class Record:
    """The checks of one scenario, in order. Written to the file that LAKEBOOK_CHECKS names, where one executes it."""

    def __init__(
        self, capabilities: frozenset[str], lacks: Mapping[str, str], known: Mapping[str, KnownFailure]
    ) -> None:
        self.capabilities, self.lacks, self.known = capabilities, lacks, known
        self.checks: list[Check] = []
        self._since = time.monotonic()

    def add(self, identifier: str, decision: Decision) -> Check:
        """Turn a decision into a check: show it, write it down, return it. It never raises for a red one."""
        needed = requirements.get(identifier)
        verdict, reason = self._verdict(identifier, decision)
        check = Check(
            identifier,
            verdict,
            secret.clean(shown(decision.expected)),
            secret.clean(shown(decision.got)),
            secret.redact(decision.where),
            secret.redact(decision.todo),
            reason,
            seconds=round(time.monotonic() - self._since, 3),
            links=[self.known[identifier].link] if verdict is Verdict.KNOWN_FAILURE else [],
        )
        self._since = time.monotonic()
        self.checks.append(check)
        _write({"check": len(self.checks), **asdict(check)})
        _display(panel.check(check, needed), len(self.checks))
        return check

    def _verdict(self, identifier: str, decision: Decision) -> tuple[Verdict, str]:
        absent = requirements.get(identifier).missing(self.capabilities)
        if absent:
            reasons = [f"{name}: {self.lacks.get(name, 'no service of this profile has it')}" for name in absent]
            return Verdict.NOT_APPLICABLE, "; ".join(reasons)
        plain = {True: Verdict.PASS, False: Verdict.FAIL, None: Verdict.UNKNOWN}[decision.ok]
        known = self.known.get(identifier)
        if known is None or plain is Verdict.UNKNOWN:
            return plain, ""
        if plain is Verdict.FAIL:
            return Verdict.KNOWN_FAILURE, f"{known.kind}: {known.reason} ({known.versions})"
        return Verdict.FAIL, "listed as a known failure, but it passes: take it out of the profile"

    def finish(self) -> None:
        """Show the scorecard, and write down that the scenario came to its end."""
        _write({"finished": len(self.checks)})
        _display(panel.scorecard(self.checks, requirements.all_requirements()), 0)

    @property
    def red(self) -> list[Check]:
        """The checks that make the scenario red."""
        return [check for check in self.checks if check.verdict.red]


def _write(line: Mapping[str, object]) -> None:
    file = os.environ.get(VARIABLE)
    if file:
        with Path(file).open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


def _display(shown_panel: panel.Shown, number: int) -> None:
    from IPython.display import display  # noqa: PLC0415 - a script without a kernel needs it as little as this module

    display(shown_panel, metadata={"lakebook": {"check": number}})
