"""One service of a stack: where it runs, how it is started, waited for and made usable."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook import log, poll, project, secret
from lakebook.errors import ConfigurationError, DeadlineError, LakebookError, ServiceError
from lakebook.stack import ports, process
from lakebook.stack.resolution import ADDRESS, PORT
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.stack.state import ServiceState
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lakebook.profile import Role


@dataclass(frozen=True, slots=True)
class Running:
    """One service that is ready; `process` is None for one that was there already."""

    service: Service
    site: Site
    process: process.Process | None
    endpoint: Endpoint
    version: str
    ready_seconds: float

    def state(self) -> ServiceState:
        """Return what is written down of it."""
        return ServiceState(
            self.service.kind,
            self.endpoint.url,
            self.version,
            self.process.pid if self.process else 0,
            project.shown(self.process.log) if self.process else "",
            round(self.ready_seconds, 2),
            self.endpoint.values,
            self.endpoint.secrets,
            self.site.settings,
        )

    def require_alive(self) -> None:
        """Raise ServiceError, by name, where it has ended, with its log's end, or does not answer at its address."""
        if self.process:
            self.process.require_alive()
        else:
            require_answer(self.service, self.site)

    def stop(self) -> None:
        """End it; one that is used by its address goes on, without what was made there for this stack."""
        if self.process:
            self.process.stop()
        elif self.service.retract:
            _retracted(self.service.retract, self)

    def kill(self) -> None:
        """Kill it with all that it started, as kill -9 does."""
        if self.process:
            self.process.kill()


def site(role: Role, service: Service, own: Path, others: Mapping[str, Endpoint]) -> Site:
    """Return where a service is about to run: in a new folder of its `own`, on its profile's port or a free one.

    One with an address is there already, and a library needs no place.
    """
    settings = {**service.settings, **role.settings}
    if service.library:
        return Site(own, 0, settings, {}, others)
    if address := settings.get(ADDRESS):
        return Site(own, 0, settings, {}, others, str(address).rstrip("/"))
    asked = role.settings.get(PORT)
    port = ports.fixed(int(asked), asked_by=f"{service.kind} in the profile") if asked is not None else ports.free()
    own.mkdir(mode=0o700)
    drawn = {name: secrets.token_urlsafe(24) for name in service.generates}
    secret.remember(drawn.values())
    return Site(own, port, settings, drawn, others)


def start(
    service: Service,
    site: Site,
    *,
    log_file: Path,
    ends_with: Path,
    launched: Callable[[process.Process], None],
    publish: bool = True,
) -> Running:
    """Start a service where it is to run; return it, ready and usable. `launched` hears of its process at once.

    One that is there already must answer, and is made usable; without `publish`, it is not made usable yet.
    `ends_with` is the folder that is removed where the owner dies before the service has ended.
    Raises ServiceError, with the service's name and the end of its log, where it does not get ready.
    """
    begin = time.monotonic()
    process_ = None if site.address or service.library else _launched(service, site, log_file, ends_with)
    if process_:
        launched(process_)
    version = _ready(service, site, process_) if process_ else require_answer(service, site)
    endpoint = published(service, site, process_) if publish else Endpoint(site.url)
    log.get().info("ready", service=service.kind, version=version, url=endpoint.url)
    return Running(service, site, process_, endpoint, version, time.monotonic() - begin)


def _launched(service: Service, site: Site, log_file: Path, ends_with: Path) -> process.Process:
    if service.launch is None:
        raise ConfigurationError(f"{service.kind} has no address, and cannot be started", todo="give it an address")
    for part in service.parts:
        part.path()
    launch = _how(service, service.launch, site)
    return process.start(
        service.kind,
        launch.command,
        log=log_file,
        environment=launch.environment,
        folder=ends_with,
        runs_in=site.folder.absolute(),
    )


def _how(service: Service, launch: Callable[[Site], Launch], site: Site) -> Launch:
    try:
        return launch(site)
    except LakebookError:
        raise
    except Exception as error:
        raise ServiceError(
            f"{service.kind} cannot be started in this profile",
            expected=f"what it needs of {', '.join(site.others) or 'nothing'}, and its settings",
            got=f"{type(error).__name__}: {error}",
            todo="compare the profile with parameters/profiles/embedded.yaml",
        ) from error


def _retracted(retract: Callable[[Site, Endpoint], None], one: Running) -> None:
    try:
        retract(one.site, one.endpoint)
    except Exception as error:  # noqa: BLE001 - whatever it is: the rest of the stack is to end too
        said = secret.redact(f"{type(error).__name__}: {error}")
        log.get().warning("what was made there stays behind", service=one.service.kind, url=one.site.url, error=said)


def _ready(service: Service, site: Site, launched: process.Process) -> str:
    def asked() -> str | None:
        launched.require_alive()
        version = _version(service, site, launched)
        return version if version and launched.listens(site.port) else None

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
            todo="read the log; LAKEBOOK_TIMEOUT_SERVICE_READY=120 gives a slow machine more seconds",
        ) from None
    return str(version)


def answers(service: Service, site: Site) -> bool:
    """Tell whether a service that was ready gives an answer now."""
    try:
        return service.version(site) is not None
    except Exception:  # noqa: BLE001 - whatever it says or does, it is not what a ready one says
        return False


def require_answer(service: Service, site: Site) -> str:
    """Return the version of a service that is there already. Raises ServiceError where it does not answer."""
    try:
        return str(
            poll.until(
                lambda: _version(service, site, None),
                what=f"{service.kind} to answer",
                deadline_seconds=TIMEOUTS.service_answer,
                longest_pause_seconds=0.5,
            )
        )
    except DeadlineError:
        raise ServiceError(
            f"{service.kind} does not answer",
            expected=f"its version from {site.url} within {TIMEOUTS.service_answer:g} s",
            got=ports.refusal(site.url)
            or f"somebody listens, but does not answer as {service.kind} does when it is ready",
            where=site.url,
            todo="start it, or mend the address in the profile",
        ) from None


def _version(service: Service, site: Site, launched: process.Process | None) -> str | None:
    try:
        return service.version(site)
    except LakebookError:
        raise
    except Exception as error:
        raise ServiceError(
            f"{service.kind} answers what it should not",
            expected=f"its version from {site.url}",
            got=f"{type(error).__name__}: {error}",
            where=project.shown(launched.log) if launched else site.url,
            todo="read the log; look at what listens there",
        ) from error


def published(service: Service, site: Site, launched: process.Process | None) -> Endpoint:
    """Return what a ready service gives to others, made usable. Raises ServiceError where that fails."""
    try:
        endpoint = service.publish(site)
    except LakebookError:
        raise
    except Exception as error:
        if launched:
            launched.require_alive()
        raise ServiceError(
            f"{service.kind} could not be set up",
            expected="users, buckets and addresses made",
            got=f"{type(error).__name__}: {error}",
            where=project.shown(launched.log) if launched else site.url,
            todo="read the log, mend what it names, and start again" if launched else "look at what listens there",
        ) from error
    secret.remember(endpoint.secrets.values())
    return endpoint
