"""Ports: free ones on loopback, and whether somebody listens at an address."""

from __future__ import annotations

import random
import socket
import sys
import threading
from collections import deque
from urllib.parse import urlsplit

from lakebook.errors import ConfigurationError, ServiceError
from lakebook.timeouts import TIMEOUTS

LOOPBACK = "127.0.0.1"
SCHEMES = {"http": 80, "https": 443, "sc": 15002, "postgresql": 5432, "redis": 6379, "mongodb": 27017}
_RANGE = range(20_000, 32_000)  # below the range from which systems give ports to outgoing connections
_ALL = range(1, 65_536)
_TRIES = 200
_RESERVED_AT_MOST = 100  # each is an open file
_reserved: deque[socket.socket] = deque()
_lock = threading.Lock()


def free() -> int:
    """Return a port that nothing listens on, and that no other call, here or in another process, is given meanwhile.

    It stays reserved for the time that a service needs to listen there, and longer, as long as this process lives and
    has not asked for many others.
    """
    for port in random.SystemRandom().sample(_RANGE, _TRIES):
        if _reserve(port):
            return port
    raise ServiceError(
        "no free port was found",
        expected=f"one of {_RANGE.start} to {_RANGE.stop}",
        got="all busy",
        todo="lakebook clean; end what listens there",
    )


def _reserve(port: int) -> bool:
    """Bind a port where nobody else has; tell whether that was so.

    A socket that is bound and does not listen keeps out those that do not allow the address to be used again, such as
    this function elsewhere; servers do allow it, and so may listen beside it. So on Linux; elsewhere nothing is kept.
    """
    holder = socket.socket()
    try:
        holder.bind((LOOPBACK, port))
    except OSError:
        holder.close()
        return False
    if sys.platform == "linux":
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _keep(holder)
    else:
        holder.close()
    return True


def _keep(holder: socket.socket) -> None:
    with _lock:
        _reserved.append(holder)
        if len(_reserved) > _RESERVED_AT_MOST:
            _reserved.popleft().close()


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


def refusal(url: str) -> str:
    """Return why nobody is reached at an address of one of the SCHEMES; empty where somebody listens."""
    where = urlsplit(url)
    try:
        socket.create_connection(
            (where.hostname or "", where.port or SCHEMES.get(where.scheme, 0)), timeout=TIMEOUTS.service_probe
        ).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""
