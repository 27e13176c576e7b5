"""Ports on loopback."""

from __future__ import annotations

import random
import socket

from lakebook.errors import ConfigurationError, ServiceError

LOOPBACK = "127.0.0.1"
_RANGE = range(20_000, 32_000)  # below the range from which systems give ports to outgoing connections
_ALL = range(1, 65_536)
_TRIES = 200


def free() -> int:
    """Return a port that nothing listens on now, drawn at random so that stacks started at once do not meet."""
    for port in random.SystemRandom().sample(_RANGE, _TRIES):
        if is_free(port):
            return port
    raise ServiceError(
        "no free port was found",
        expected=f"one of {_RANGE.start} to {_RANGE.stop}",
        got="all busy",
        todo="lakebook clean; end what listens there",
    )


def fixed(port: int, *, asked_by: str) -> int:
    """Return the port that a profile asks for. Raises ConfigurationError for none, and where something listens."""
    if port not in _ALL:
        raise ConfigurationError(
            f"there is no port {port}, which {asked_by} asks for",
            expected=f"{_ALL.start} to {_ALL.stop - 1}",
            got=str(port),
            todo="mend `port` in the profile, or leave it out for a free one",
        )
    if not is_free(port):
        raise ConfigurationError(
            f"port {port}, which {asked_by} asks for, is busy",
            expected=f"a free port {port} on {LOOPBACK}",
            got="another process listens there",
            todo="end that process, or leave `port` out of the profile for a free one",
        )
    return port


def is_free(port: int) -> bool:
    """Tell whether a service could listen on a port of loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
