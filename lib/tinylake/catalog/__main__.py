"""`python -m tinylake.catalog --host 127.0.0.1 --port 8181`: one process, settings from the environment."""

from __future__ import annotations

import argparse
import os
import sys
import threading

import uvicorn

from tinylake import IDLE_SECONDS
from tinylake.catalog import errors, logs, settings


def main() -> int:
    """Serves until it is told to stop; 2 when a setting is missing or wrong, or names a database that is not there."""
    parser = argparse.ArgumentParser(prog="python -m tinylake.catalog", description="An Iceberg REST catalog.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    logs.configure()
    try:
        given = settings.from_environment(os.environ)
    except settings.SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    from tinylake.catalog import app  # noqa: PLC0415  (a second of imports, which a wrong setting need not wait for)

    try:
        served = app.build(given)
    except errors.CatalogError as error:
        sys.stderr.write(f"{settings.PREFIX}DATABASE: {error}\n")
        return 2
    threading.Thread(target=served.state.catalog.warm, daemon=True).start()
    host, port = asked.host, asked.port
    uvicorn.run(served, host=host, port=port, log_config=None, access_log=False, timeout_keep_alive=IDLE_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
