"""PostgreSQL: one server a stack, and a database in it for each service that keeps its state there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

from lakebook.errors import ServiceError
from lakebook.stack.part import Part
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_USER = "lakebook"
_INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", "postgresql-15")
_CONNECTIONS = 200  # each catalog process keeps a dozen
_THERE_ALREADY = "already exists"


def _programs() -> Path | None:
    """Return the folder of the newest PostgreSQL: Debian's place for it, else the PATH; None where there is none."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which("postgres")
    return Path(found).parent if found else None


_POSTGRESQL = Part("PostgreSQL", _programs, lambda: (_INSTALL,))


def _launch(site: Site) -> Launch:
    programs = str(_POSTGRESQL.path())
    command = (sys.executable, "-m", "lakebook.stack.daemons.postgres", programs, str(site.folder), str(site.port))
    return Launch((*command, str(site.settings["user"]), str(_CONNECTIONS)), {"PGPASSWORD": site.secrets["password"]})


def _version(site: Site) -> str | None:
    asked = ("psql", "-Atc", "SHOW server_version", "postgres")
    done = _run(_address(site), _password(site), *asked, user=str(site.settings["user"]))
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
    address: tuple[str, int], password: str, program: str, *arguments: str, user: str
) -> subprocess.CompletedProcess[str]:
    programs = _POSTGRESQL.path()
    to = ("-h", address[0], "-p", str(address[1]), "-U", user, "--no-password")
    environment = {**os.environ, "PGPASSWORD": password, "PGCONNECT_TIMEOUT": str(int(TIMEOUTS.service_probe))}
    command = (str(programs / program), *to, *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def database_url(database: Endpoint, name: str) -> str:
    """Return the SQLAlchemy URL of a database of this name, created where there is none yet.

    Every folder that a service runs in has a name of its own, so a second process of a kind takes another database.
    Raises ServiceError, with what the server said, where it cannot be created.
    """
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    values, password = database.values, database.secrets["password"]
    address, user = (values["host"], int(values["port"])), values["user"]
    done = _run(address, password, "createdb", plain, user=user)
    if done.returncode and _THERE_ALREADY not in done.stderr:
        raise ServiceError(
            f"the database {plain} could not be created",
            expected=f"createdb to succeed at {values['host']}:{values['port']}",
            got=done.stderr.strip(),
        )
    return f"postgresql+psycopg://{quote(user)}:{quote(password, safe='')}@{address[0]}:{address[1]}/{plain}"


SERVICE = Service(
    kind="postgres",
    sentence="Debian's PostgreSQL: a server of the stack's own, with a database for each service that uses it",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"user": _USER, "password": ""},
    generates=("password",),
    parts=(_POSTGRESQL,),
)
