"""The stack that a run uses: the one that `lakebook up` left running, which stays, else one that ends with the run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lakebook import project
from lakebook.errors import ConfigurationError, ServiceError
from lakebook.stack import launcher, process, resolution, services, stack, state
from lakebook.stack.service import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakebook.profile import Profile
    from lakebook.stack.state import ServiceState, StackState


class Lease(Protocol):
    """A running stack, for the time of a run."""

    @property
    def state(self) -> StackState:
        """What is written down of it."""

    @property
    def file(self) -> Path:
        """Where that is written."""

    def require_alive(self) -> None:
        """Raise ServiceError, by name and with the end of its log, where a service has died."""

    def probes(self) -> Mapping[str, Callable[[], bool]]:
        """Return what tells of each role's service whether it answers."""

    def release(self, *, logs: Path) -> None:
        """Be done with it; its logs are in `logs` then, without secrets."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A stack of `lakebook up`: it runs on when the run is done."""

    state: StackState

    @property
    def file(self) -> Path:
        """Where its state is written."""
        return self.state.file

    def require_alive(self) -> None:
        """Raise ServiceError, by name and with the end of its log, where a service has died, or all have ended."""
        again = f"lakebook down --profile {self.state.profile}; lakebook up --profile {self.state.profile}"
        if not self.state.owner.alive() or not self.state.folder.exists():
            raise ServiceError(
                f"the stack of {self.state.profile} has ended",
                expected="the one that lakebook up started, running until lakebook down",
                got="its owner is gone",
                todo=f"lakebook up --profile {self.state.profile}",
            )
        for service in (self.state.services[role] for role in self.state.dead()):
            log = project.root() / service.log
            raise ServiceError(
                f"{service.kind} has ended",
                expected=f"{service.kind} running, in the stack that lakebook up started",
                got=f"the end of its log:\n{process.last_lines(log)}",
                where=project.shown(log),
                todo=again,
            )
        for service in self.state.services.values():
            if not service.pid:
                launcher.require_answer(services.get(service.kind), _site(self.state, service))

    def probes(self) -> dict[str, Callable[[], bool]]:
        """Return what tells of each role's service whether it answers; of some it needs what only their owner knows."""
        return {
            role: partial(launcher.answers, services.get(one.kind), _site(self.state, one))
            for role, one in self.state.services.items()
        }

    def release(self, *, logs: Path) -> None:
        """Leave it running; copy its logs."""
        try:
            stack.copy_logs(self.state, logs)
        except OSError as error:
            raise project.unwritable(logs, error) from None


def with_kept_logs(text: str, running: Lease, logs: Path) -> str:
    """Return a text that names logs of a stack, which may end soon, with the places where `release` puts them."""
    for service in running.state.services.values():
        if service.log:
            text = text.replace(service.log, f"{project.shown(logs)}/{Path(service.log).name}")
    return text


def _site(state: StackState, service: ServiceState) -> Site:
    address = str(service.settings.get(resolution.ADDRESS) or service.url)
    return Site(state.folder, 0, service.settings, service.secrets, {}, address.rstrip("/"))


def shared(profile: Profile) -> Shared | None:
    """Return the stack that `lakebook up` started for exactly this profile; None where none runs.

    One that was started with other settings, such as those of LAKEBOOK__ROLE__SETTING, is another system.
    """
    found = state.shared(profile.name)
    return Shared(found) if found and found.fingerprint == resolution.fingerprint(profile) else None


def take(profile: Profile, *, tell: Callable[[str, str], None] | None = None, logs: Path | None = None) -> Lease:
    """Return the shared stack of a profile where one runs, else one started now, all as `stack.start` does."""
    return shared(profile) or stack.start(profile, tell=tell, keep_logs=logs)


def require_startable(profile: Profile, *, stays: bool = False) -> None:
    """Raise ConfigurationError where no stack of a profile runs, nor can be started; or, if it `stays`, none runs."""
    resolution.kinds(profile)
    if shared(profile):
        return
    if stays:
        raise ConfigurationError(
            f"--keep has no stack of {profile.name} in which anything could stay",
            expected="a stack that stays, started with the settings that this run has",
            got="one with other settings" if state.shared(profile.name) else "one that would end with this command",
            todo=f"lakebook down --profile {profile.name}; lakebook up --profile {profile.name}, then run again"
            if state.shared(profile.name)
            else f"lakebook up --profile {profile.name}, then run again",
        )
    resolution.resolve(profile)
