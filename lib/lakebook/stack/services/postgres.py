"""PostgreSQL: one server a stack, and a database in it for each service that keeps its state there."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from lakebook.environment import snapshot
from lakebook.errors import ServiceError
from lakebook.stack import database_names, part
from lakebook.stack.part import Part
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_USER = "lakebook"
_CONNECTIONS = 200  # each catalog process keeps a dozen
_THERE_ALREADY = "already exists"
_ASK = ("psql", "-XAtc")  # and not as a .psqlrc would have it


def _programs() -> Path | None:
    """Return the folder of the newest PostgreSQL: Debian's place for it, else the PATH; None where there is none."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = installed[-1] if installed else part.which("postgres")
    return found.parent if found else None


_POSTGRESQL = Part("PostgreSQL", _programs, lambda: (part.from_debian("postgresql-15"),))


def _launch(site: Site) -> Launch:
    programs = str(_POSTGRESQL.path())
    command = (sys.executable, "-m", "lakebook.stack.daemons.postgres", programs, str(site.folder), str(site.port))
    return Launch((*command, str(site.settings["user"]), str(_CONNECTIONS)), {"PGPASSWORD": site.secrets["password"]})


def _version(site: Site) -> str | None:
    """Return the version that it states; None while it does not answer, be it that it hangs once one is logged in."""
    user = str(site.settings["user"])
    try:
        asked = (*_ASK, "SHOW server_version", "postgres")
        done = _run(_address(site), _password(site), *asked, user=user, seconds=TIMEOUTS.service_probe)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.split()[0] if done.returncode == 0 else None


def _publish(site: Site) -> Endpoint:
    host, port = _address(site)
    user = str(site.settings["user"])
    return Endpoint(site.url, {"host": host, "port": str(port), "user": user}, {"password": _password(site)})


def _address(site: Site) -> tuple[str, int]:
    parts = urlsplit(site.url)
    return parts.hostname or LOOPBACK, parts.port or 5432


def _password(site: Site) -> str:
    return str(site.settings["password"] if site.address else site.secrets["password"])


def _run(
    address: tuple[str, int], password: str, program: str, *arguments: str, user: str, seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs, which wait for ever where the server hangs. Raises TimeoutExpired then."""
    programs = _POSTGRESQL.path()
    to = ("-h", address[0], "-p", str(address[1]), "-U", user, "--no-password")
    environment = {**snapshot(), "PGPASSWORD": password, "PGCONNECT_TIMEOUT": str(math.ceil(TIMEOUTS.service_probe))}
    command = (str(programs / program), *to, *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=seconds)


def database(server: Endpoint, name: str) -> str:
    """Create a database of this name, where there is none yet; return the name.

    Raises ServiceError, with what the server said, where it cannot be created.
    """
    _said(server, "createdb", name, accepts=_THERE_ALREADY)
    return name


def _retract(site: Site, endpoint: Endpoint) -> None:
    """Drop the databases of a stack that ends, in a server that goes on; its services have ended."""
    names = _said(endpoint, *_ASK, "SELECT datname FROM pg_database", "postgres").splitlines()
    for name in names:
        if name.startswith(database_names.of_stack(site.folder.parent)):
            _said(endpoint, "dropdb", "--if-exists", "--force", name)


def _said(server: Endpoint, program: str, *arguments: str, accepts: str = "") -> str:
    """Return what one of PostgreSQL's programs says of a server.

    Raises ServiceError where it fails, but for an error that is accepted, or lets it wait too long.
    """
    values = server.values
    address, password = (values["host"], int(values["port"])), server.secrets["password"]
    where = f"{values['host']}:{values['port']}"
    try:
        done = _run(address, password, program, *arguments, user=values["user"], seconds=TIMEOUTS.database)
    except subprocess.TimeoutExpired as error:
        raise ServiceError(
            f"PostgreSQL does not answer {' '.join((program, *arguments))}",
            expected=f"an end of {program} at {where} within {error.timeout:g} s",
            got="none",
            where=where,
            todo="look at what the server waits for, or start it anew",
        ) from None
    if done.returncode and not (accepts and accepts in done.stderr):
        raise ServiceError(
            f"PostgreSQL refused {' '.join((program, *arguments))}",
            expected=f"{program} to succeed at {where}",
            got=done.stderr.strip(),
        )
    return done.stdout


SERVICE = Service(
    kind="postgres",
    sentence="Debian's PostgreSQL: a server of the stack's own, with a database for each service that uses it",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    retract=_retract,
    settings={"user": _USER, "password": ""},
    generates=("password",),
    parts=(_POSTGRESQL,),
)
