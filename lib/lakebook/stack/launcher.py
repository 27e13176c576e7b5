"""One service of a stack: where it runs, how it is started, waited for and made usable."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakebook import log, poll, project, secret
from lakebook.errors import DeadlineError, LakebookError, ServiceError
from lakebook.stack import ports, process
from lakebook.stack.resolution import PORT
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.stack.state import ServiceState
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lakebook.profile import Role


@dataclass(frozen=True, slots=True)
class Running:
    """One service that was started."""

    service: Service
    process: process.Process
    endpoint: Endpoint
    version: str
    ready_seconds: float
    settings: Mapping[str, Any]

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
            self.settings,
        )


def site(role: Role, service: Service, own: Path, others: Mapping[str, Endpoint]) -> Site:
    """Return where a service is about to run: in a new folder of its `own`, on its profile's port or a free one."""
    asked = role.settings.get(PORT)
    port = ports.fixed(int(asked), asked_by=f"{service.kind} in the profile") if asked is not None else ports.free()
    own.mkdir(mode=0o700)
    drawn = {name: secrets.token_urlsafe(24) for name in service.generates}
    secret.remember(drawn.values())
    return Site(own, port, {**service.settings, **role.settings}, drawn, others)


def start(
    service: Service, site: Site, *, log_file: Path, ends_with: Path, launched: Callable[[process.Process], None]
) -> Running:
    """Start a service where it is to run; return it, ready and usable. `launched` hears of its process at once.

    `ends_with` is the folder that is removed where the owner dies before the service has ended.
    Raises ServiceError, with the service's name and the end of its log, where it does not get ready.
    """
    begin = time.monotonic()
    process_ = _launched(service, site, log_file, ends_with)
    launched(process_)
    version = _ready(service, site, process_)
    endpoint = _published(service, site, process_)
    log.get().info("ready", service=service.kind, version=version, url=endpoint.url)
    return Running(service, process_, endpoint, version, time.monotonic() - begin, site.settings)


def _launched(service: Service, site: Site, log_file: Path, ends_with: Path) -> process.Process:
    launch: Launch = service.launch(site)
    return process.start(service.kind, launch.command, log=log_file, environment=launch.environment, folder=ends_with)


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


def _version(service: Service, site: Site, launched: process.Process) -> str | None:
    try:
        return service.version(site)
    except LakebookError:
        raise
    except Exception as error:
        raise ServiceError(
            f"{service.kind} answers what it should not",
            expected=f"its version from {site.url}",
            got=f"{type(error).__name__}: {error}",
            where=project.shown(launched.log),
            todo="read the log; look at what listens there",
        ) from error


def _published(service: Service, site: Site, launched: process.Process) -> Endpoint:
    try:
        endpoint = service.publish(site)
    except LakebookError:
        raise
    except Exception as error:
        launched.require_alive()
        raise ServiceError(
            f"{service.kind} could not be set up",
            expected="users, buckets and addresses made",
            got=f"{type(error).__name__}: {error}",
            where=project.shown(launched.log),
            todo="read the log, mend what it names, and start again",
        ) from error
    secret.remember(endpoint.secrets.values())
    return endpoint
