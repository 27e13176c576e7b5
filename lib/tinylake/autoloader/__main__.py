"""`python -m tinylake.autoloader --host 127.0.0.1 --port P`: serves until it is told to end."""

from __future__ import annotations

import argparse
import os
import sys

from tinylake import IDLE_SECONDS
from tinylake.autoloader.settings import MissingSettingError, Settings

WRONG_SETTINGS = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tinylake.autoloader", description="An ingestion service.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    try:
        settings = Settings.from_environment(os.environ)
    except MissingSettingError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_SETTINGS
    serve(settings, arguments.host, arguments.port)
    return 0


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until a signal ends it."""
    import uvicorn  # noqa: PLC0415 - a wrong setting is told before anything heavy is imported

    from tinylake.autoloader import logs  # noqa: PLC0415
    from tinylake.autoloader.app import create_app  # noqa: PLC0415

    logs.configure()
    app = create_app(settings)
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, timeout_keep_alive=IDLE_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
