"""Runs mutants: each on a stack of its own, with every scenario that decides a requirement it must turn red."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook import profile, project
from lakebook.proofs import Proof
from lakebook.run import batch, results, selection
from lakebook.run.listener import Silent
from lakebook.stack import process
from lakebook.timeouts import TIMEOUTS
from lakebook.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from lakebook.profile import Profile
    from lakebook.proof.planted import Mutant
    from lakebook.run.execute import Result


def each(mutants: Sequence[Mutant], profile_name: str, folder: Path, *, jobs: int) -> Iterator[Proof]:
    """Yield the proof of each mutant as it comes, `jobs` at once. What ran is kept in `folder`, by mutant.

    Raises ConfigurationError for a broken profile, before anything starts.
    """
    found = profile.load(profile_name)
    with ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(one, mutant, found, folder / mutant.name) for mutant in mutants]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:  # interrupted
            _end(futures)
            raise


def _end(futures: Sequence[Future[Proof]]) -> None:
    for future in futures:
        future.cancel()
    process.end_all()
    while wait(futures, timeout=TIMEOUTS.poll_interval).not_done:
        process.end_all()


def one(mutant: Mutant, found: Profile, folder: Path) -> Proof:
    """Return the proof of one mutant: what its scenarios said on a stack with it in."""
    begin, started = time.monotonic(), results.now()
    folder.mkdir(parents=True, exist_ok=True)
    plan = batch.Batch(
        selection.select(requirements=mutant.finds),
        [found.name],
        selection.size(selection.QUICK),
        command=f"lakebook prove {mutant.name}",
    )
    ran, came = batch.on_profile(plan, planted(found, mutant), folder, Silent())
    seconds = round(time.monotonic() - begin, 2)
    batch.keep(results.Run(started, seconds, plan.command, results.environment(), [ran], came), folder)
    red, undecided = reds(came)
    return Proof(
        mutant.name,
        mutant.sentence,
        found.name,
        tuple(mutant.finds),
        red,
        undecided,
        started,
        seconds,
        project.shown(folder),
    )


def reds(results: Iterable[Result]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the requirements that a check failed, each with where, and those that no check decided, with why.

    A defect that was found may well keep the rest of its scenario from running.
    """
    red: dict[str, str] = {}
    undecided: dict[str, str] = {}
    for result in results:
        for check in result.checks:
            if check.verdict is Verdict.FAIL:
                red.setdefault(check.requirement, f"{result.workflow}/{result.scenario}#{check.cell}")
            if check.verdict is Verdict.UNKNOWN:
                undecided.setdefault(check.requirement, check.reason or result.error)
    return red, {identifier: why for identifier, why in undecided.items() if identifier not in red}


def planted(found: Profile, mutant: Mutant) -> Profile:
    """Return a profile with a mutant's settings in its role."""
    role = found.roles[mutant.role]
    changed = replace(role, settings={**role.settings, **mutant.settings})
    return replace(found, roles={**found.roles, mutant.role: changed})
