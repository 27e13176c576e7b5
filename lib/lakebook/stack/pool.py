"""Services that several stacks of this process share: started for the first that needs them, ended after the last."""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lakebook import project
from lakebook.errors import LakebookError
from lakebook.stack import launcher, state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lakebook.profile import Role
    from lakebook.stack.launcher import Running
    from lakebook.stack.process import Process
    from lakebook.stack.service import Service


@dataclass(slots=True)
class _Shared:
    """One shared service, and how many stacks use it. Who starts it holds the lock.

    `died` are those that it was before: their logs are kept as long as it is.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    running: Running | None = None
    users: int = 0
    died: list[Running] = field(default_factory=list)


_all_lock = threading.RLock()
_shared: dict[str, _Shared] = {}
_keepers = 0


def take(role: Role, service: Service, launched: Callable[[Process], None], *, keep_log: Path) -> Running:
    """Return a shared service, not yet made usable; started where none with the same settings runs.

    Raises ServiceError where it does not get ready; its log is in the folder `keep_log` then.
    """
    with _all_lock:
        one = _shared.setdefault(_key(role, service), _Shared())
        one.users += 1
    try:
        with one.lock:
            if one.running and not _alive(one.running):
                one.died.append(one.running)
                one.running = None
            one.running = one.running or _start(role, service, launched, keep_log)
            return one.running
    except BaseException:
        release(role, service)
        raise


def release(role: Role, service: Service) -> None:
    """Be done with a shared service: it ends with its last user, unless it is kept."""
    with _all_lock:
        if one := _shared.get(_key(role, service)):
            one.users -= 1
        _sweep()


@contextmanager
def kept() -> Iterator[None]:
    """Keep shared services between one stack and the next, for the time of a `with` block."""
    global _keepers  # noqa: PLW0603 - one pool a process
    with _all_lock:
        _keepers += 1
    try:
        yield
    finally:
        with _all_lock:
            _keepers -= 1
            _sweep()


def _sweep() -> None:
    for key in [key for key, one in _shared.items() if not one.users and not _keepers]:
        one = _shared.pop(key)
        for running in [*one.died, *([one.running] if one.running else [])]:
            running.stop()
            shutil.rmtree(running.site.folder.parent, ignore_errors=True)


def _start(role: Role, service: Service, launched: Callable[[Process], None], keep_log: Path) -> Running:
    folder = state.new_folder(f"shared-{service.kind}")
    log = folder / f"{service.kind}.log"
    site = launcher.site(role, service, folder / service.kind, {})
    try:
        with log_kept(log, keep_log):
            return launcher.start(service, site, log_file=log, ends_with=folder, launched=launched, publish=False)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def log_kept(log: Path, folder: Path) -> Iterator[None]:
    """Copy a shared service's log to a folder where the block fails, for it may end soon; the error names the copy."""
    try:
        yield
    except LakebookError as error:
        if log.exists():
            with suppress(OSError):  # a full disk: the error has the end of the log in its text
                shutil.copy(log, folder)
                error.where = error.where.replace(project.shown(log), project.shown(folder / log.name))
        raise


def _alive(running: Running) -> bool:
    return running.process is not None and running.process.alive()


def _key(role: Role, service: Service) -> str:
    return json.dumps([service.kind, dict(role.settings)], sort_keys=True, default=str)
