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
    from collections.abc import Mapping, Sequence

    from lakebook.known_failure import KnownFailure

VARIABLE = "LAKEBOOK_CHECKS"


class Record:
    """The checks of one scenario, in order. Written to the file that LAKEBOOK_CHECKS names, where one executes it."""

    def __init__(
        self,
        capabilities: frozenset[str],
        lacks: Mapping[str, str],
        known: Sequence[KnownFailure],
        running: Mapping[str, str] | None = None,
    ) -> None:
        self.capabilities, self.lacks = capabilities, lacks
        self.running = running or {}
        self.known = [one for one in known if running is None or one.covers(running)]
        here = {one.requirement for one in self.known}
        self.of_others = [one for one in known if one.requirement not in here]
        self._seen: list[KnownFailure] = []
        self._left_out: dict[str, str] = {}
        self.checks: list[Check] = []
        self._since = time.monotonic()

    def add(self, identifier: str, decision: Decision) -> Check:
        """Turn a decision into a check: show it, write it down, return it. It never raises for a red one."""
        verdict, reason, known = self._verdict(identifier, decision)
        check = Check(
            identifier,
            verdict,
            secret.clean(shown(decision.expected)),
            secret.clean(shown(decision.got)),
            secret.redact(decision.where),
            secret.redact(decision.todo),
            reason,
            seconds=round(time.monotonic() - self._since, 3),
            links=[known.link] if known else [],
        )
        self._since = time.monotonic()
        self._keep(check)
        return check

    def leave_out(self, identifier: str, reason: str) -> Check:
        """Say that this run, as it was asked for, does not decide a requirement: not applicable, with the reason."""
        self._left_out[identifier] = reason
        return self.add(identifier, Decision(None, "a run that decides it", reason))

    def _keep(self, check: Check) -> None:
        self.checks.append(check)
        _write({"check": len(self.checks), **asdict(check)})
        _display(panel.check(check, requirements.get(check.requirement)), len(self.checks))

    def _verdict(self, identifier: str, decision: Decision) -> tuple[Verdict, str, KnownFailure | None]:
        if reason := self._left_out.get(identifier) or absent(identifier, self.capabilities, self.lacks):
            return Verdict.NOT_APPLICABLE, reason, None
        plain = {True: Verdict.PASS, False: Verdict.FAIL, None: Verdict.UNKNOWN}[decision.ok]
        known = [one for one in self.known if one.requirement == identifier]
        if not known or plain is not Verdict.FAIL:
            return plain, "", None
        for one in known:
            if one.explains(shown(decision.got), shown(decision.expected)):
                self._seen.append(one)
                return Verdict.KNOWN_FAILURE, _listed(one), one
        patterns = " or ".join(repr(one.got) for one in known)
        return plain, f"it fails otherwise than the profile's known failure, where each entry matches {patterns}", None

    def finish(self) -> None:
        """Show the scorecard, and write down that the scenario came to its end.

        A known failure that none of its checks showed is red: it is judged here, for one check alone does not tell.
        """
        for known in [one for one in self.known if one not in self._seen]:
            verdicts = [check.verdict for check in self.checks if check.requirement == known.requirement]
            if verdicts and set(verdicts) <= {Verdict.PASS, Verdict.KNOWN_FAILURE}:
                self._keep(_no_longer(known, verdicts.count(Verdict.PASS), len(verdicts)))
        for known in self.of_others:
            if any(check.requirement == known.requirement for check in self.checks):
                self._keep(_of_another_version(known, self.running))
        _write({"finished": len(self.checks)})
        _display(panel.scorecard(self.checks, requirements.all_requirements()), 0)

    @property
    def red(self) -> list[Check]:
        """The checks that make the scenario red."""
        return [check for check in self.checks if check.verdict.red]


def absent(identifier: str, capabilities: frozenset[str], lacks: Mapping[str, str]) -> str:
    """Return why a requirement is not applicable to a system with these capabilities; empty where it is."""
    missing = requirements.get(identifier).missing(capabilities)
    return "; ".join(f"{name}: {lacks.get(name, 'no service of this profile has it')}" for name in missing)


def _listed(known: KnownFailure) -> str:
    """Return what a profile says of a known failure: in which versions, what was answered, how to see it alone."""
    said = {"it answered": known.answer, "seen alone with": known.reproduction}
    more = [f"{name} {text}" for name, text in said.items() if text]
    return "; ".join([f"{known.kind}: {known.reason} ({known.versions})", *more])


def _of_another_version(known: KnownFailure, running: Mapping[str, str]) -> Check:
    return Check(
        known.requirement,
        Verdict.FAIL,
        f"a backend of the versions that the profile's known failure is about: {known.versions}",
        ", ".join(f"{kind} {version}" for kind, version in running.items()),
        todo=f"see whether {known.requirement} still fails with this version: then widen `versions` of its entry in "
        "known_failures, else remove it",
        reason=f"of another version than the profile's known failures say: {_listed(known)}",
        links=[known.link],
    )


def _no_longer(known: KnownFailure, passed: int, of: int) -> Check:
    return Check(
        known.requirement,
        Verdict.FAIL,
        f"a failure, as the profile lists it: {_listed(known)}",
        f"{passed} of {of} checks passed, and none failed so",
        todo=f"take this entry of {known.requirement} out of known_failures",
        reason="listed as a known failure, but nothing fails so: take it out of the profile",
        links=[known.link],
    )


def _write(line: Mapping[str, object]) -> None:
    file = os.environ.get(VARIABLE)
    if file:
        with Path(file).open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


def _display(shown_panel: panel.Shown, number: int) -> None:
    from IPython.display import display  # noqa: PLC0415 - a script without a kernel needs it as little as this module

    display(shown_panel, metadata={"lakebook": {"check": number}})
