"""What one pytest run holds for its scenarios: the stacks that run, the results so far, the folder of the run."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from lakebook import profile
from lakebook.errors import LakebookError
from lakebook.run import batch, going, results, workers
from lakebook.run.job import AT_ONCE
from lakebook.run.watch import Watch
from lakebook.stack import lease, pool, resolution

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lakebook.run.execute import Result
    from lakebook.run.scenario import Scenario
    from lakebook.stack.lease import Lease
    from lakebook.stack.presence import Absent


class Item(Protocol):
    """One scenario on one profile."""

    found: Scenario
    profile: str

    def plan(self) -> batch.Batch:
        """Return what to run, and how."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What its result is known by."""


@dataclass(slots=True)
class Session:
    """The stacks and results of one pytest run; a stack starts when its first scenario needs it."""

    begin: float = field(default_factory=time.monotonic)
    started: str = field(default_factory=results.now)
    folder: Path | None = None
    stacks: dict[str, Lease | LakebookError] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    going: dict[tuple[str, str, str], Future[Result]] = field(default_factory=dict)
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE))
    shared: ExitStack = field(default_factory=ExitStack)
    ran: dict[str, results.ProfileRun] = field(default_factory=dict)
    came: list[Result] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)

    def run_folder(self) -> Path:
        """Return the folder of this run, made at first use."""
        if self.folder is None:
            self.folder = batch.new_folder()
        return self.folder

    def stack(self, name: str) -> Lease | LakebookError:
        """Return the stack of a profile, or the error that keeps it from running."""
        if not self.ran:
            self.shared.enter_context(pool.kept())
            workers.prepare()
        if name not in self.stacks:
            self.stacks[name] = self._started(name)
        return self.stacks[name]

    def _started(self, name: str) -> Lease | LakebookError:
        found = profile.load(name)
        try:
            running = lease.take(found, logs=going.logs(name, self.run_folder()))
        except LakebookError as error:
            self.ran[name] = results.ProfileRun(name, found.title, error=str(error))
            return error
        self.ran[name] = results.profile_run(found, running.state)
        self.watches[name] = Watch(running, going.logs(name, self.run_folder()))
        self.watches[name].start()
        return running

    def left_out(self, item: Item, why: str) -> None:
        """Record a scenario that was selected and has no result as unknown."""
        if any((one.workflow, one.scenario, one.profile) == item.key for one in self.came):
            return
        if item.profile not in self.ran:
            self.ran[item.profile] = results.ProfileRun(item.profile, profile.load(item.profile).caption, error=why)
        self.came.append(going.not_started(item.found, item.profile, item.plan(), why))

    def result(self, item: Item, every: Sequence[Item]) -> Result:
        """Return what came of an item. The first of a profile sets all of the profile's going, several at once.

        While it is waited for, the next profile of `every` item is begun once each scenario of those before has; the
        stack of a profile ends with its last scenario.
        """
        if item.key not in self.going:
            self._begin(item.profile, every)
        while not self.going[item.key].done():
            self._go_on(every)
        self._release_ended()
        self.came.append(result := self.going[item.key].result())
        return result

    def _begin(self, name: str, every: Sequence[Item]) -> None:
        running = self.stack(name)
        self.going |= {
            one.key: self.threads.submit(self._executed, one, running) for one in every if one.profile == name
        }

    def _go_on(self, every: Sequence[Item]) -> None:
        left = [future for future in self.going.values() if not future.done()]
        begun = {name for _, _, name in self.going}
        following = next((one.profile for one in every if one.profile not in begun), None)
        if following and len(left) <= AT_ONCE and not self._in_the_way(following):
            self._begin(following, every)
        else:
            wait(left, return_when=FIRST_COMPLETED)
        self._release_ended()

    def _in_the_way(self, name: str) -> bool:
        """Tell whether a stack that runs holds a port that a profile asks for."""
        return any(resolution.share_a_port(profile.load(name), profile.load(one)) for one in self.stacks)

    def _release_ended(self) -> None:
        left = {name for (_, _, name), future in self.going.items() if not future.done()}
        for name in [one for one in self.stacks if one not in left]:
            self._release(name)

    def _executed(self, item: Item, running: Lease | LakebookError) -> Result:
        plan, folder = item.plan(), self.run_folder()
        if isinstance(running, LakebookError):
            return going.not_started(item.found, item.profile, plan, str(running))
        job = plan.job(item.found, item.profile, running.file, folder)
        return going.result_of(job, running, self.watches[item.profile], folder)

    def _release(self, name: str) -> None:
        if watch := self.watches.pop(name, None):
            watch.stop()
        running = self.stacks.pop(name, None)
        if running and not isinstance(running, LakebookError):
            running.release(logs=going.logs(name, self.run_folder()))

    def finish(self, command: str) -> Path | None:
        """Stop the stacks, write results and reports; return the index, or None where no scenario ran."""
        going.end(self.going.values())
        self.threads.shutdown()
        workers.end()
        for name in list(self.stacks):
            self._release(name)
        self.shared.close()
        if not self.came:
            return None
        seconds = round(time.monotonic() - self.begin, 2)
        ran = list(self.ran.values())
        whole = results.Run(self.started, seconds, command, results.environment(), ran, self.came, absent=self.absent)
        batch.keep(whole, self.run_folder())
        return self.run_folder() / "index.html"
