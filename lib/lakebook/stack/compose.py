"""Services of a profile in containers: those of `compose.yaml` that are where, and what, the profile says."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lakebook import project
from lakebook.errors import ConfigurationError, ServiceError
from lakebook.stack import command
from lakebook.stack.resolution import ADDRESS
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lakebook.profile import Profile, Role

_HERE = {"localhost", "127.0.0.1"}
_COMMAND = ("docker", "compose", "--profile", "full")
_LABEL = "lakebook.is"
_COMPANIONS = {"object-store": ("buckets",)}  # what makes a service usable


def file() -> Path:
    """Return the file that lists the containers."""
    return project.root() / "compose.yaml"


def published() -> dict[int, str]:
    """Return the ports that containers publish on this machine, with the service of each."""
    return {port: name for name, service in _services().items() for port in _ports(service)}


def wanted(found: Profile) -> list[str]:
    """Return the services of `compose.yaml` that a profile uses by an address on this machine, as what they are."""
    used = [one for entry in found.roles.values() if (one := _container(entry))]
    return list(dict.fromkeys(name for one in used for name in (one, *_COMPANIONS.get(one, ()))))


def _container(role: Role) -> str | None:
    """Return the service that listens at a role's address, and is of its kind; None where there is none."""
    address = urlsplit(str(role.settings.get(ADDRESS) or ""))
    if address.hostname not in _HERE:
        return None
    fits = (
        name
        for name, service in _services().items()
        if address.port in _ports(service) and role.service in service.get("labels", {}).get(_LABEL, "").split()
    )
    return next(fits, None)


def _services() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = project.read_yaml(file())["services"]
    return services


def _ports(service: Mapping[str, Any]) -> list[int]:
    return [int(port.split(":")[-2]) for port in service.get("ports", ())]


def up(found: Profile) -> list[str]:
    """Start the containers of a profile, and return their names once all are healthy.

    Raises ConfigurationError for a profile that has none, ServiceError where there is no Docker, or one does not start.
    """
    names = _required(found)
    _run("up", "--detach", "--wait", *names)
    return names


def down(found: Profile | None = None) -> None:
    """End the containers of a profile, or all; what they kept in volumes stays.

    Raises ConfigurationError for a profile that has none, ServiceError where there is no Docker.
    """
    if found:
        _run("rm", "--stop", "--force", *_required(found))
    else:
        _run("down")


def _required(found: Profile) -> list[str]:
    names = wanted(found)
    if not names:
        raise ConfigurationError(
            f"no service of the profile {found.name} is in compose.yaml",
            expected="an address on this machine, of a service that is there: "
            + ", ".join(f"{name} at {port}" for port, name in sorted(published().items())),
            got=", ".join(str(entry.settings.get(ADDRESS, f"{entry.service}: none")) for entry in found.roles.values()),
            where=project.shown(file()),
            todo="leave out --with compose",
        )
    return names


def _run(*arguments: str) -> None:
    asked = (*_COMMAND, "--file", str(file()), *arguments)
    if not shutil.which(_COMMAND[0]):
        raise _unusable("docker is not on this machine", "nothing of that name on the PATH")
    try:
        status, said = command.run(asked, seconds=TIMEOUTS.containers)
    except subprocess.TimeoutExpired as error:
        raise _unusable("docker compose hangs", f"no end within {error.timeout:g} s") from None
    if status:
        raise _unusable("docker compose failed", said.strip()[-1500:] or f"exit status {status}")


def _unusable(message: str, got: str) -> ServiceError:
    return ServiceError(
        message,
        expected="Docker with its compose plugin, and its daemon running",
        got=got,
        where=project.shown(file()),
        todo="install Docker Engine with docker-compose-plugin, start its daemon, see with `docker compose version`; "
        "or start the services by other means, and give their addresses in the profile",
    )
