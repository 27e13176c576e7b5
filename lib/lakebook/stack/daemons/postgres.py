"""`python -m lakebook.stack.daemons.postgres PROGRAMS FOLDER PORT USER CONNECTIONS`: PostgreSQL on data of its own.

Data are made in FOLDER where there are none; the password is PGPASSWORD. It refuses to be root, so root gives it to
`nobody`. Its processes have sessions of their own, and it takes a SIGTERM as "once every client has left": this process
passes on a SIGINT, which ends them at once, with the data whole.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from lakebook.stack.ports import LOOPBACK

_OWNER, _GROUP = "nobody", "nogroup"


# `nobody`, who may yet look into folders that are root's alone: the data lie in one.
_BECOME = ("setpriv", f"--reuid={_OWNER}", f"--regid={_GROUP}", "--clear-groups")
_AS_OWNER = (*_BECOME, "--inh-caps=+dac_override", "--ambient-caps=+dac_override") if os.getuid() == 0 else ()


def _make(programs: Path, data: Path, user: str) -> None:
    """Make the data, in the name of who is to own them."""
    data.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=data.parent) as password:
        password.write(os.environ["PGPASSWORD"])
        password.flush()
        if os.getuid() == 0:
            shutil.chown(data, _OWNER, _GROUP)
            shutil.chown(password.name, _OWNER, _GROUP)
        options = (
            "-U",
            user,
            "--pwfile",
            password.name,
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        subprocess.run([*_AS_OWNER, str(programs / "initdb"), "-D", str(data), *options], check=True)


def main(programs: str, folder: str, port: str, user: str, connections: str) -> int:
    """Run the server until it ends; return its status."""
    data = Path(folder) / "data"
    if not data.exists():
        _make(Path(programs), data, user)
    settings = {
        "listen_addresses": LOOPBACK,
        "port": port,
        "unix_socket_directories": "",
        "max_connections": connections,
    }
    given = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    server = subprocess.Popen([*_AS_OWNER, str(Path(programs) / "postgres"), "-D", str(data), *given])
    signal.signal(signal.SIGTERM, lambda _number, _frame: server.send_signal(signal.SIGINT))
    return server.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
