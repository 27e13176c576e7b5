"""MongoDB, by its address: a database in it for each service that keeps its state there."""

from __future__ import annotations

import re
import socket
import ssl
import struct
from contextlib import closing
from urllib.parse import parse_qs, quote, urlsplit

from lakebook import secret
from lakebook.stack.service import Endpoint, Service, Site
from lakebook.timeouts import TIMEOUTS

_PORT = 27017
_OP_MSG, _HEADER = 2013, struct.Struct("<iiii")  # length, request, response to, operation
_LARGEST = 48_000_000  # bytes that a message may have (maxMessageSizeBytes)
_OK = re.compile(rb"[\x01\x10]ok\x00")  # a number, of either kind
_STATED = re.compile(rb"\x02version\x00....([^\x00]+)\x00", re.DOTALL)  # a text, its name, its length, itself


def _version(site: Site) -> str | None:
    """Return the version that buildInfo states, or that none is stated before a login; None while nobody answers.

    Asked in MongoDB's own protocol, one message, for which no driver is needed. Source: MongoDB Wire Protocol, BSON.
    """
    try:
        with closing(_connected(site.address)) as connection:
            connection.sendall(_build_info())
            said = _answer(connection)
    except OSError:
        return None
    if not _OK.search(said):
        return None
    stated = _STATED.search(said)
    return stated[1].decode() if stated else "unstated"


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    host = parts.hostname or "localhost"
    connection = socket.create_connection((host, parts.port or _PORT), timeout=TIMEOUTS.service_probe)
    asked = parse_qs(parts.query.lower())
    if "true" in (asked.get("tls") or asked.get("ssl") or ()):
        return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
    return connection


def _build_info() -> bytes:
    """Return the request {buildInfo: 1, $db: "admin"}, a document in a message without flags."""
    elements = b"\x10buildInfo\x00" + struct.pack("<i", 1) + b"\x02$db\x00" + struct.pack("<i", 6) + b"admin\x00\x00"
    body = struct.pack("<IB", 0, 0) + struct.pack("<i", 4 + len(elements)) + elements
    return _HEADER.pack(_HEADER.size + len(body), 1, 0, _OP_MSG) + body


def _answer(connection: socket.socket) -> bytes:
    """Return one message without its header; nothing where what comes is none."""
    stream = connection.makefile("rb")
    header = stream.read(_HEADER.size)
    length = _HEADER.unpack(header)[0] if len(header) == _HEADER.size else 0
    return stream.read(length - _HEADER.size) if _HEADER.size < length < _LARGEST else b""


def _url(site: Site) -> str:
    """Return the address with the login in it, which makes it a secret; as it is, where there is no user.

    Source: MongoDB's connection string format.
    """
    user, password = (quote(str(site.settings[name]), safe="") for name in ("user", "password"))
    if not user:
        return site.address
    secret.remember([password])
    scheme, _, rest = site.address.partition("://")
    return f"{scheme}://{user}:{password}@{rest}"


def _publish(site: Site) -> Endpoint:
    return Endpoint(site.address, {"speaks": "mongodb"}, {"url": _url(site)})


SERVICE = Service(
    kind="mongodb",
    sentence="a MongoDB server by its address, with a database for each service that uses it",
    needs=(),
    launch=None,
    version=_version,
    publish=_publish,
    settings={"user": "", "password": ""},
)
