"""`python -m tinylake.gcs_gate --port 4443 --emulator http://127.0.0.1:4444`: the owner's token in the environment."""

from __future__ import annotations

import argparse
import logging
import os
import sys

import uvicorn

from tinylake import IDLE_SECONDS
from tinylake.gcs_gate import app

OWNER_TOKEN = "TINYLAKE_GCS_GATE_OWNER_TOKEN"  # noqa: S105 - the variable's name


def main() -> int:
    """Serves until it is told to stop; 2 without an owner's token."""
    parser = argparse.ArgumentParser(prog="python -m tinylake.gcs_gate", description="A gate before a GCS emulator.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--emulator", required=True)
    asked = parser.parse_args()
    if not (owner := os.environ.get(OWNER_TOKEN)):
        sys.stderr.write(f"{OWNER_TOKEN} is not set: the token that may do everything\n")
        return 2
    logging.basicConfig(level=logging.WARNING)
    host, port = asked.host, asked.port
    served = app.build(asked.emulator, f"{host}:{port}", owner)
    uvicorn.run(served, host=host, port=port, log_config=None, access_log=False, timeout_keep_alive=IDLE_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
