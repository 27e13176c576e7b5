"""Starts the services of a profile side by side, and stops them."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from lakebook import project, secret
from lakebook.errors import ConfigurationError, LakebookError
from lakebook.stack import launcher, pool, process
from lakebook.stack.resolution import ADDRESS, capabilities, fingerprint, resolve
from lakebook.stack.state import Owner, StackState, new_folder, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from lakebook.profile import Profile, Role
    from lakebook.stack.launcher import Running
    from lakebook.stack.service import Endpoint, Service, Site


@dataclass(frozen=True, slots=True)
class Stack:
    """A profile's services while they run. They end with this process, however it ends."""

    state: StackState
    running: Mapping[str, Running]
    roles: Mapping[str, Role]

    @property
    def file(self) -> Path:
        """Where its state is written; the value of LAKEBOOK_STACK for those that attach to it."""
        return self.state.file

    def require_alive(self) -> None:
        """Raise ServiceError, by name and with the end of its log, where a service has died."""
        for service in self.running.values():
            service.require_alive()

    def probes(self) -> dict[str, Callable[[], bool]]:
        """Return what tells of each role's service whether it answers."""
        return {role: partial(launcher.answers, one.service, one.site) for role, one in self.running.items()}

    def release(self, *, logs: Path) -> None:
        """Be done with it: stop it, and move its logs to `logs`."""
        self.stop(keep_logs=logs)

    def stop(self, *, keep_logs: Path | None = None) -> None:
        """Stop the services, the last started first, and remove their folder; `keep_logs` moves the logs there."""
        own, shared = _parted(self.running)
        for service in reversed(own):
            service.stop()
        try:
            if keep_logs:
                copy_logs(self.state, keep_logs)
        except OSError as error:
            raise project.unwritable(keep_logs or self.state.folder, error) from None
        finally:
            for role in shared:
                pool.release(self.roles[role], self.running[role].service)
            shutil.rmtree(self.state.folder, ignore_errors=True)


def _parted(running: Mapping[str, Running]) -> tuple[list[Running], list[str]]:
    """Return the services that are a stack's own, and the roles of those that it shares with others."""
    shared = [role for role, one in running.items() if _is_shared(one.service, one.site)]
    return [one for role, one in running.items() if role not in shared], shared


def _is_shared(service: Service, site: Site) -> bool:
    return service.shared and not site.address


def copy_logs(state: StackState, to: Path) -> None:
    """Copy the logs of a stack, and those of the services that it shares with others, without secrets."""
    shared = {project.root() / one.log for one in state.services.values() if one.log}
    _copy_logs({*state.folder.glob("*.log"), *(file for file in shared if file.exists())}, to)


def _copy_logs(files: Iterable[Path], to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for file in files:
        (to / file.name).write_text(secret.redact(file.read_text(errors="replace")))


def start(
    profile: Profile,
    *,
    shared: bool = False,
    tell: Callable[[str, str], None] | None = None,
    keep_logs: Path | None = None,
) -> Stack:
    """Start a profile's services; return them, all ready. `tell` hears (service, what it does) meanwhile.

    Raises ServiceError, with the service's name and the end of its log, where one does not get ready; then none runs,
    and nothing is left, nor in a service that was there already, but the logs: in `keep_logs`, or in `.lakebook/logs`.
    """
    kinds = resolve(profile)
    try:
        folder = new_folder(profile.name)
    except OSError as error:
        raise project.unwritable(project.state() / "stacks", error) from None
    startup = _Startup(folder, tell or (lambda _service, _what: None))
    try:
        running = _all_ready(profile, kinds, startup)
        has, lacks = capabilities(profile)
        states = {role: service.state() for role, service in running.items()}
        state = StackState(profile.name, folder, Owner.this_process(), shared, states, has, lacks, fingerprint(profile))
        write(state)
    except BaseException as error:  # noqa: BLE001 - raised again; an interrupt leaves nothing behind either
        startup.end()
        startup.retract()
        startup.give_back()
        raise _without_folder(error, folder, keep_logs or project.state() / "logs" / folder.name) from None
    return Stack(state, running, profile.roles)


def _without_folder(error: BaseException, folder: Path, logs: Path) -> BaseException:
    """Return the error of a start that failed, its folder removed, and the logs that it points to kept elsewhere."""
    if isinstance(error, LakebookError) and any(folder.glob("*.log")):
        with suppress(OSError):  # a full disk: the error has the end of the log in its text
            _copy_logs(folder.glob("*.log"), logs)
            error.where = error.where.replace(project.shown(folder), project.shown(logs))
    shutil.rmtree(folder, ignore_errors=True)
    return project.unwritable(folder, error) if isinstance(error, OSError) else error


@contextmanager
def lent(profile: Profile, *, shared: bool = False, tell: Callable[[str, str], None] | None = None) -> Iterator[Stack]:
    """Start a stack for the time of a `with` block."""
    stack = start(profile, shared=shared, tell=tell)
    try:
        yield stack
    finally:
        stack.stop()


@dataclass(frozen=True, slots=True)
class _Startup:
    """A stack that is being started: where, who hears of it, which processes there are so far, and what is ready."""

    folder: Path
    tell: Callable[[str, str], None]
    started: dict[str, process.Process] = field(default_factory=dict)
    taken: list[tuple[Role, Service]] = field(default_factory=list)
    ready: list[Running] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def add(self, kind: str, launched: process.Process) -> None:
        """Add a process; end it at once where the start has been given up meanwhile."""
        self.started[kind] = launched
        if self.ended.is_set():
            launched.stop()

    def take(self, role: Role, service: Service) -> Running:
        """Return a service that other stacks use as well, not yet made usable for this one."""
        running = pool.take(role, service, partial(self.add, service.kind), keep_log=self.folder)
        self.started.pop(service.kind, None)  # not this stack's alone to stop
        self.taken.append((role, service))
        return running

    def end(self) -> None:
        """Give up: stop every process, and with it the waiting for it."""
        self.ended.set()
        for one in list(self.started.values()):
            one.stop()

    def retract(self) -> None:
        """Remove what was made for this stack in services that were there already."""
        while self.ready:
            one = self.ready.pop()
            if not one.process:
                one.stop()

    def give_back(self) -> None:
        """Be done with the shared services."""
        while self.taken:
            pool.release(*self.taken.pop())


def _all_ready(profile: Profile, kinds: Mapping[str, Service], startup: _Startup) -> dict[str, Running]:
    """Start each service as soon as those that it needs are ready; the first failure ends the others' waiting."""
    futures: dict[str, Future[Running]] = {}
    with ThreadPoolExecutor(len(kinds)) as threads:
        try:
            for role, service in _in_order(kinds).items():
                others = {need: futures[need] for need in service.uses(kinds)}
                futures[role] = threads.submit(_one_ready, profile.roles[role], service, others, startup)
            wait(futures.values(), return_when=FIRST_EXCEPTION)
            failures = [error for one in futures.values() if one.done() and (error := one.exception())]
        except BaseException:  # interrupted
            startup.end()
            raise
        if failures:
            startup.end()
    if failures:
        raise next((error for error in failures if not isinstance(error, _NeedFailedError)), failures[0])
    return {role: future.result() for role, future in futures.items()}


class _NeedFailedError(LakebookError):
    """A service was not started, for one that it needs is not there."""


def _in_order(kinds: Mapping[str, Service]) -> dict[str, Service]:
    """Return the services so that each stands behind those that it needs."""
    ordered: dict[str, Service] = {}
    while len(ordered) < len(kinds):
        ready = {
            role: kind for role, kind in kinds.items() if role not in ordered and ordered.keys() >= {*kind.uses(kinds)}
        }
        if not ready:
            raise ConfigurationError(f"the services need each other in a circle: {', '.join(kinds.keys() - ordered)}")
        ordered |= ready
    return ordered


def _one_ready(role: Role, service: Service, others: Mapping[str, Future[Running]], startup: _Startup) -> Running:
    if service.shared and ADDRESS not in role.settings:
        running = _shared(role, service, others, startup)
    else:
        running = _own(role, service, _endpoints(service, others, startup), startup)
    startup.ready.append(running)
    startup.tell(service.kind, "ready")
    return running


def _endpoints(service: Service, others: Mapping[str, Future[Running]], startup: _Startup) -> dict[str, Endpoint]:
    """Return the endpoints of the services that one needs, once these are ready."""
    if any(other.exception() for other in others.values()) or startup.ended.is_set():
        raise _NeedFailedError(f"{service.kind} was not started", got=f"it needs {', '.join(others)}")
    return {name: other.result().endpoint for name, other in others.items()}


def _shared(role: Role, service: Service, others: Mapping[str, Future[Running]], startup: _Startup) -> Running:
    """Return a service that is started beside those that it needs, for it hears of them last."""
    startup.tell(service.kind, "starting")
    running = startup.take(role, service)
    site = replace(running.site, others=_endpoints(service, others, startup))
    with pool.log_kept(running.site.folder.parent / f"{service.kind}.log", startup.folder):
        return replace(running, site=site, endpoint=launcher.published(service, site, running.process))


def _own(role: Role, service: Service, others: Mapping[str, Endpoint], startup: _Startup) -> Running:
    startup.tell(service.kind, "starting")
    site = launcher.site(role, service, startup.folder / service.kind, others)
    return launcher.start(
        service,
        site,
        log_file=startup.folder / f"{service.kind}.log",
        ends_with=startup.folder,
        launched=partial(startup.add, service.kind),
    )
