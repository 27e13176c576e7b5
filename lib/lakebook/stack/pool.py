"""Services that several stacks of this process share: started for the first that needs them, ended after the last."""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lakebook.stack import launcher, state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def take(role: Role, service: Service, launched: Callable[[Process], None]) -> Running:
    """Return a shared service, not yet made usable; started where none with the same settings runs.

    Raises ServiceError where it does not get ready.
    """
    with _all_lock:
        one = _shared.setdefault(_key(role, service), _Shared())
        one.users += 1
    try:
        with one.lock:
            if one.running and not _alive(one.running):
                one.died.append(one.running)
                one.running = None
            one.running = one.running or _start(role, service, launched)
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


def _start(role: Role, service: Service, launched: Callable[[Process], None]) -> Running:
    folder = state.new_folder(f"shared-{service.kind}")
    site = launcher.site(role, service, folder / service.kind, {})
    try:
        return launcher.start(
            service, site, log_file=folder / f"{service.kind}.log", ends_with=folder, launched=launched, publish=False
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _alive(running: Running) -> bool:
    return running.process is not None and running.process.alive()


def _key(role: Role, service: Service) -> str:
    return json.dumps([service.kind, dict(role.settings)], sort_keys=True, default=str)
