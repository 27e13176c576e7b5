"""The soak: runs in a row on a stack that stays, then several at once, each on a stack of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakebook import poll
from lakebook.errors import DeadlineError
from lakebook.soak import contents
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakebook.soak.workbook import Copy


@dataclass(frozen=True, slots=True)
class Round:
    """One run of a soak, and what is wrong with it: nothing, where `wrong` is empty."""

    name: str
    seconds: float
    wrong: Sequence[str]


@dataclass(slots=True)
class Soak:
    """Runs of the same scenarios in a copy of the workbook. The first one's verdicts are what the others must say."""

    copy: Copy
    profile: str
    arguments: Sequence[str]
    first: dict[str, str] | None = None

    def in_a_row(self, runs: int) -> Iterator[Round]:
        """Yield runs one after the other on one stack; after each, nothing but the stack may be there."""
        with self.copy.stack(self.profile) as stack:
            before, around = contents.of(stack), set(self.copy.left())
            for number in range(1, runs + 1):
                name, begin = f"run-{number}", time.monotonic()
                known = set(self.copy.results())
                status = self.copy.command(name, *self._run())
                left = [*sorted(contents.of(stack) - before), *self._gone(around)]
                yield Round(name, time.monotonic() - begin, self._wrong(name, status, known, left, runs=1))
        yield Round("the stack itself", 0, [f"left behind: {one}" for one in self._gone(set())])

    def at_once(self, runs: int) -> Iterator[Round]:
        """Yield one round of several runs at once, each on a stack of its own; then nothing may be there."""
        begin, known = time.monotonic(), set(self.copy.results())
        started = [self.copy.start(f"at-once-{number}", *self._run()) for number in range(1, runs + 1)]
        try:
            statuses = [one.guard.wait() for one in started]
        finally:
            for one in started:
                one.stop()
        wrong = self._wrong("at-once-*", max(statuses), known, self._gone(set()), runs=runs)
        yield Round(f"{runs} at once", time.monotonic() - begin, wrong)

    def _run(self) -> list[str]:
        return ["run", "--profile", self.profile, *self.arguments]

    def _gone(self, around: set[str]) -> list[str]:
        """Return what is left beside what was around before; processes may take a moment to end."""
        try:
            poll.until(
                lambda: set(self.copy.left()) - around,
                what="nothing to be left",
                deadline_seconds=TIMEOUTS.service_stop,
                done=lambda left: not left,
            )
        except DeadlineError:
            return sorted(set(self.copy.left()) - around)
        return []

    def _wrong(self, name: str, status: int, known: set[str], left: Sequence[str], *, runs: int) -> list[str]:
        came = {run: found for run, found in self.copy.results().items() if run not in known}
        wrong = [f"left behind: {one}" for one in left]
        if status:
            wrong.append(f"exit status {status}: {name}.log in .lakebook/soak")
        if len(came) != runs:
            wrong.append(f"{len(came)} of {runs} runs wrote their results")
        for found in came.values():
            said = verdicts(found)
            self.first = self.first or said
            wrong += [
                f"{what}: {said.get(what, 'nothing')}, first {self.first.get(what, 'nothing')}"
                for what in sorted({**said, **self.first})
                if said.get(what) != self.first.get(what)
            ]
        return wrong


def verdicts(results: dict[str, Any]) -> dict[str, str]:
    """Return a run's verdicts: those of each scenario's checks, in order, as one text, and the scenario's own."""
    return {
        f"{one['workflow']}/{one['scenario']} on {one['profile']}": ", ".join(
            [one["verdict"], *(f"{check['requirement']} {check['verdict']}" for check in one["checks"])]
        )
        for one in results["results"]
    }
