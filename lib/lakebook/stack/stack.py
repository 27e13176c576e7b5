"""Starts the services of a profile side by side, and stops them."""

from __future__ import annotations

import secrets
import shutil
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook import log, poll, project, secret
from lakebook.errors import ConfigurationError, DeadlineError, LakebookError, ServiceError
from lakebook.stack import ports, process, services
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.stack.state import Owner, ServiceState, StackState, stacks_folder, write
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from lakebook.profile import Profile, Role

_PORT = "port"


@dataclass(frozen=True, slots=True)
class Running:
    """One service that was started."""

    service: Service
    process: process.Process
    endpoint: Endpoint
    version: str
    ready_seconds: float

    def state(self) -> ServiceState:
        """Return what is written down of it."""
        return ServiceState(
            self.service.kind,
            self.endpoint.url,
            self.version,
            self.process.pid,
            project.shown(self.process.log),
            round(self.ready_seconds, 2),
            self.endpoint.values,
            self.endpoint.secrets,
        )


@dataclass(frozen=True, slots=True)
class Stack:
    """A profile's services while they run. They end with this process, however it ends."""

    state: StackState
    running: Mapping[str, Running]

    @property
    def file(self) -> Path:
        """Where its state is written; the value of LAKEBOOK_STACK for those that attach to it."""
        return self.state.folder / "stack.json"

    def require_alive(self) -> None:
        """Raise ServiceError, by name and with the end of its log, where a service has died."""
        for service in self.running.values():
            service.process.require_alive()

    def stop(self, *, keep_logs: Path | None = None) -> None:
        """Stop the services, the last started first, and remove their folder; `keep_logs` moves the logs there."""
        for service in reversed(list(self.running.values())):
            service.process.stop()
        if keep_logs:
            keep_logs.mkdir(parents=True, exist_ok=True)
            for file in self.state.folder.glob("*.log"):
                (keep_logs / file.name).write_text(secret.redact(file.read_text(errors="replace")))
        shutil.rmtree(self.state.folder)


def resolve(profile: Profile) -> dict[str, Service]:
    """Return the kind of service of each role. Raises ConfigurationError for an unknown service or setting."""
    found = {role: services.get(entry.service) for role, entry in profile.roles.items()}
    for role, service in found.items():
        _require_known_settings(profile, role, service)
    return found


def _require_known_settings(profile: Profile, role: str, service: Service) -> None:
    allowed = {*service.settings, _PORT}
    for name in profile.roles[role].settings:
        if name not in allowed:
            raise ConfigurationError(
                f"the profile {profile.name} gives {role} a setting that {service.kind} does not have",
                expected=" or ".join(sorted(allowed)),
                got=name,
                where=f"parameters/profiles/{profile.name}.yaml, its local override, or LAKEBOOK__{role.upper()}__*",
                todo=f"remove {role}.{name}, or mend its name",
            )


def capabilities(profile: Profile) -> tuple[frozenset[str], dict[str, str]]:
    """Return what a profile's services can do together, and what is absent, each with its reason."""
    found = resolve(profile).values()
    lacks = {name: reason for service in found for name, reason in service.lacks.items()}
    return frozenset(name for service in found for name in service.has) - lacks.keys(), lacks


def start(profile: Profile, *, shared: bool = False, tell: Callable[[str, str], None] | None = None) -> Stack:
    """Start a profile's services; return them, all ready. `tell` hears (service, what it does) meanwhile.

    Raises ServiceError, with the service's name and the end of its log, where one does not get ready; then none runs.
    """
    kinds = resolve(profile)
    name = f"{profile.name}-{secrets.token_hex(4)}"
    folder = stacks_folder() / name
    folder.mkdir(parents=True, mode=0o700)
    started: dict[str, process.Process] = {}
    try:
        running = _all_ready(profile, kinds, folder, started, tell or (lambda _service, _what: None))
        has, lacks = capabilities(profile)
        states = {role: service.state() for role, service in running.items()}
        state = StackState(profile.name, folder, Owner.this_process(), shared, states, has, lacks)
        write(state)
    except BaseException:
        for one in started.values():
            one.stop()
        if not any(folder.glob("*.log")):
            shutil.rmtree(folder)
        raise
    return Stack(state, running)


@contextmanager
def lent(profile: Profile, *, tell: Callable[[str, str], None] | None = None) -> Iterator[Stack]:
    """Start a stack for the time of a `with` block."""
    stack = start(profile, tell=tell)
    try:
        yield stack
    finally:
        stack.stop()


def _all_ready(
    profile: Profile,
    kinds: Mapping[str, Service],
    folder: Path,
    started: dict[str, process.Process],
    tell: Callable[[str, str], None],
) -> dict[str, Running]:
    """Start each service as soon as those that it needs are ready; the first failure ends the others' waiting."""
    futures: dict[str, Future[Running]] = {}
    with ThreadPoolExecutor(len(kinds)) as pool:
        for role, service in _in_order(kinds).items():
            others = {need: futures[need] for need in service.needs}
            futures[role] = pool.submit(_one_ready, profile.roles[role], service, folder, others, started, tell)
        try:
            wait(futures.values())
        except BaseException:  # interrupted: what is being waited for ends now, and with it the waiting
            for one in started.values():
                one.stop()
            raise
    failures = [error for future in futures.values() if (error := future.exception())]
    if failures:
        raise next((error for error in failures if not isinstance(error, _NeedFailedError)), failures[0])
    return {role: future.result() for role, future in futures.items()}


class _NeedFailedError(LakebookError):
    """A service was not started, for one that it needs is not there."""


def _in_order(kinds: Mapping[str, Service]) -> dict[str, Service]:
    """Return the services so that each stands behind those that it needs."""
    ordered: dict[str, Service] = {}
    while len(ordered) < len(kinds):
        ready = {role: kind for role, kind in kinds.items() if role not in ordered and ordered.keys() >= {*kind.needs}}
        if not ready:
            raise ConfigurationError(f"the services need each other in a circle: {', '.join(kinds.keys() - ordered)}")
        ordered |= ready
    return ordered


def _one_ready(
    role: Role,
    service: Service,
    folder: Path,
    others: Mapping[str, Future[Running]],
    started: dict[str, process.Process],
    tell: Callable[[str, str], None],
) -> Running:
    if any(other.exception() for other in others.values()):
        raise _NeedFailedError(f"{service.kind} was not started", got=f"it needs {', '.join(others)}")
    site = _site(role, service, folder, {name: other.result().endpoint for name, other in others.items()})
    tell(service.kind, "starting")
    begin = time.monotonic()
    launched = _launched(service, site, folder)
    started[service.kind] = launched
    version = _ready(service, site, launched)
    endpoint = _published(service, site, launched)
    tell(service.kind, "ready")
    log.get().info("ready", service=service.kind, version=version, url=endpoint.url)
    return Running(service, launched, endpoint, version, time.monotonic() - begin)


def _site(role: Role, service: Service, folder: Path, others: Mapping[str, Endpoint]) -> Site:
    asked = role.settings.get(_PORT)
    port = ports.fixed(_whole(asked), asked_by=f"{service.kind} in the profile") if asked is not None else ports.free()
    own = folder / service.kind
    own.mkdir(mode=0o700)
    drawn = {name: secrets.token_urlsafe(24) for name in service.generates}
    secret.remember(drawn.values())
    return Site(own, port, {**service.settings, **role.settings}, drawn, others)


def _whole(port: object) -> int:
    try:
        return int(str(port))
    except ValueError:
        raise ConfigurationError("a port is a whole number", expected="1 to 65535", got=str(port)) from None


def _launched(service: Service, site: Site, folder: Path) -> process.Process:
    launch: Launch = service.launch(site)
    return process.start(
        service.kind, launch.command, log=folder / f"{service.kind}.log", environment=launch.environment
    )


def _ready(service: Service, site: Site, launched: process.Process) -> str:
    def asked() -> str | None:
        launched.require_alive()
        return service.version(site)

    try:
        version = poll.until(
            asked,
            what=f"{service.kind} to be ready",
            deadline_seconds=TIMEOUTS.service_ready,
            longest_pause_seconds=0.1,
        )
    except DeadlineError:
        raise ServiceError(
            f"{service.kind} runs, but does not answer",
            expected=f"ready at {site.url} within {TIMEOUTS.service_ready:g} s",
            got=f"the end of its log:\n{launched.log_end()}",
            where=project.shown(launched.log),
            todo="read the log; lakebook status",
        ) from None
    return str(version)


def _published(service: Service, site: Site, launched: process.Process) -> Endpoint:
    try:
        endpoint = service.publish(site)
    except LakebookError:
        raise
    except Exception as error:
        raise ServiceError(
            f"{service.kind} could not be set up",
            expected="users, buckets and addresses made",
            got=f"{type(error).__name__}: {error}",
            where=project.shown(launched.log),
            todo="read the log; lakebook status",
        ) from error
    secret.remember(endpoint.secrets.values())
    return endpoint
