"""Redis: a cache on loopback, with a password; nothing is kept on the disk."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from lakebook.stack import part
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_SERVER = part.on_path("redis-server", package="redis-server")


def _launch(site: Site) -> Launch:
    """Its settings go in by a file, for they hold the password; what it writes itself is in its folder."""
    settings = {
        "bind": LOOPBACK,
        "port": site.port,
        "dir": site.folder,
        "save": '""',
        "appendonly": "no",
        "requirepass": site.secrets["password"],
    }
    file = site.folder / "redis.conf"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
    return Launch((str(_SERVER.path()), str(file)), {})


def _address(site: Site) -> tuple[str, int]:
    parts = urlsplit(site.url)
    return parts.hostname or LOOPBACK, parts.port or 6379


def _password(site: Site) -> str:
    return str(site.settings["password"] if site.address else site.secrets["password"])


def _version(site: Site) -> str | None:
    """Return the version that INFO states, asked in Redis's own protocol: two lines, for which no client is needed."""
    login = f"AUTH {_password(site)}\r\n" if _password(site) else ""
    try:
        with socket.create_connection(_address(site), timeout=TIMEOUTS.service_probe) as connection:
            connection.sendall(f"{login}INFO server\r\nQUIT\r\n".encode())
            said = connection.makefile("rb").read().decode("utf-8", errors="replace")
    except OSError:
        return None
    stated = (line.partition(":")[2].strip() for line in said.splitlines() if line.startswith("redis_version:"))
    return next(stated, None)


def _publish(site: Site) -> Endpoint:
    host, port = _address(site)
    return Endpoint(site.url, {"host": host, "port": str(port)}, {"password": _password(site)})


SERVICE = Service(
    kind="redis",
    sentence="Debian's Redis, with a password; what is in it ends with it",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"password": ""},
    generates=("password",),
    parts=(_SERVER,),
)
