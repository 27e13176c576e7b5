"""What stays of a run's red scenarios: their kernels, and the stacks that they use, until the run's owner ends them."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from lakebook import poll
from lakebook.errors import DeadlineError
from lakebook.stack.state import Owner
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from lakebook.run.job import Job
    from lakebook.run.workers import Worker
    from lakebook.stack.lease import Lease


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel that outlived its scenario: how to connect to it, its stack, and the worker that it ends with.

    Whoever reads the connection file may do what the kernel may: it is for this user's eyes alone.
    """

    connection: Path
    stack: Path
    worker: Owner


def connection_file(private: Path) -> Path:
    """Return where it stands how to connect to a worker's kernel, while that lives: alone in a new folder."""
    folder = private / "connection"
    folder.mkdir(exist_ok=True)
    return folder / "kernel.json"


def _file(executed: Path) -> Path:
    return executed.with_suffix(".kernel.json")


def write(executed: Path, kernel: Kernel) -> None:
    """Write down, beside an executed notebook, that its kernel lives on; this is how its worker says so."""
    partial = executed.with_suffix(".kernel.partial")
    partial.write_text(json.dumps(asdict(kernel), default=str), encoding="utf-8")
    partial.rename(_file(executed))


def read(executed: Path) -> Kernel | None:
    """Return the kernel that was kept of an executed notebook; None where none was, or it has ended."""
    try:
        content = json.loads(_file(executed).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    kernel = Kernel(Path(content["connection"]), Path(content["stack"]), Owner(**content["worker"]))
    return kernel if kernel.worker.alive() and kernel.connection.exists() else None


class Kept:
    """The red scenarios of a run that stay, each a name and a profile; `end` ends their kernels and stacks."""

    def __init__(self) -> None:
        self.scenarios: list[tuple[str, str]] = []
        self._workers: dict[Path, tuple[Worker, Path]] = {}
        self._stacks: list[tuple[Lease, Path]] = []
        self._lock = Lock()

    def status(self, worker: Worker, job: Job, private: Path, seconds: float) -> int | None:
        """Return the exit status of a worker once it has ended; None once it waits with its kernel, and keep it then.

        Raises TimeoutError where it does neither in time.
        """
        file = _file(job.executed)

        def seen() -> tuple[bool, int | None]:
            try:
                return True, worker.wait(TIMEOUTS.poll_interval)
            except TimeoutError:
                return file.exists(), None

        try:
            _, status = poll.until(
                seen, what="the scenario to end", deadline_seconds=seconds, done=lambda state: state[0]
            )
        except DeadlineError:
            raise TimeoutError from None
        if file.exists():
            with self._lock:
                self._workers[private] = worker, file
                self.scenarios.append((job.scenario, job.profile))
        return status

    def holds(self, private: Path) -> bool:
        """Tell whether the worker with a private folder is kept."""
        return private in self._workers

    def release(self, running: Lease, logs: Path) -> None:
        """Be done with a stack, its logs in `logs`: now, or at the end where a kept scenario uses it."""
        if running.state.profile in [profile for _, profile in self.scenarios]:
            self._stacks.append((running, logs))
        else:
            running.release(logs=logs)

    def end(self) -> None:
        """End the kernels, then the stacks, and remove what was written down of them."""
        for private, (worker, file) in self._workers.items():
            worker.stop()
            file.unlink(missing_ok=True)
            shutil.rmtree(private, ignore_errors=True)
        for running, logs in self._stacks:
            running.release(logs=logs)
