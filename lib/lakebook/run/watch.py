"""Looks after the services of a stack while scenarios run on it: one that hangs would keep them waiting for hours."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Self

from lakebook import project
from lakebook.errors import LakebookError, ServiceError
from lakebook.stack import lease, process
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lakebook.run.workers import Worker
    from lakebook.stack.lease import Lease

_LOOKS = 4  # as often a service is asked in the time that it may be silent


class Watch:
    """A stack that is asked now and then whether its services answer, until `stop`, or as long as a `with` block lasts.

    Where one has been silent for too long, `broken` says which, with the end of its log, and the workers that execute
    scenarios on it are ended. Only services that answer at the beginning are asked.
    """

    def __init__(self, running: Lease, logs: Path) -> None:
        """Prepare it; `logs` is where the stack's logs will be when it has ended."""
        self.broken = ""
        self._running, self._logs = running, logs
        self._workers: set[Worker] = set()
        self._lock, self._over = Lock(), Event()
        self._thread = Thread(target=self._look, name=f"watch of {running.state.profile}", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Ask no longer; a question that is under way is not waited for longer than it takes."""
        self._over.set()
        self._thread.join(TIMEOUTS.service_probe)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @contextmanager
    def over(self, worker: Worker) -> Iterator[None]:
        """Have a worker ended, while the block lasts, as soon as a service is found to hang."""
        with self._lock:
            self._workers.add(worker)
            broken = bool(self.broken)
        if broken:
            worker.kill()
        try:
            yield
        finally:
            with self._lock:
                self._workers.discard(worker)

    def _look(self) -> None:
        heard = {role: time.monotonic() for role, answers in self._running.probes().items() if answers()}
        while heard and not self._over.wait(TIMEOUTS.service_silent / _LOOKS):
            for role, answers in self._running.probes().items():
                if role in heard and answers():
                    heard[role] = time.monotonic()
            silent = [role for role, last in heard.items() if time.monotonic() - last > TIMEOUTS.service_silent]
            if silent and not self._over.is_set():
                self._give_up(silent[0])
                return

    def _give_up(self, role: str) -> None:
        try:
            self._running.require_alive()
            why = str(_hangs(self._running, role))
        except LakebookError as ended:
            why = str(ended)
        with self._lock:
            self.broken = lease.with_kept_logs(why, self._running, self._logs)
            workers = list(self._workers)
        for worker in workers:
            with suppress(OSError):  # it has ended meanwhile
                worker.kill()


def _hangs(running: Lease, role: str) -> ServiceError:
    service = running.state.services[role]
    log = project.root() / service.log
    return ServiceError(
        f"{service.kind} hangs: it runs, but does not answer any more",
        expected=f"an answer from {service.url} within {TIMEOUTS.service_silent:g} s",
        got=f"the end of its log:\n{process.last_lines(log)}" if service.log else "none",
        where=service.log or service.url,
        todo="read the log; LAKEBOOK_TIMEOUT_SERVICE_SILENT=300 gives a slow machine more seconds",
    )
