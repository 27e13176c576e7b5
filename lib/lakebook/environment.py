"""The environment of this process, as a value."""

from __future__ import annotations

import os
from pathlib import Path

PYTHON_PATH = "PYTHONPATH"


def snapshot() -> dict[str, str]:
    """Return the environment as it is now; also while another thread changes it, as pytest does at every test."""
    return {name: value for name in list(os.environ) if (value := os.environ.get(name)) is not None}


def python_path(*first: Path) -> str:
    """Return folders, then those of PYTHONPATH, for a process that is started in another folder than this one."""
    given = snapshot().get(PYTHON_PATH)
    entries = [*first, *(map(Path, given.split(os.pathsep)) if given else ())]
    return os.pathsep.join(dict.fromkeys(str(entry.absolute()) for entry in entries))
