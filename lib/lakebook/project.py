"""Where the workbook lies on this machine: its root, its state folder, and how its YAML files are read."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from lakebook.errors import ConfigurationError, LakebookError

_MARK = Path("parameters") / "profiles"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where libyaml is there


@cache
def root() -> Path:
    """Return the workbook's folder: LAKEBOOK_HOME, or the nearest folder upwards that has `parameters/profiles`."""
    named = os.environ.get("LAKEBOOK_HOME")
    here = Path(named) if named else Path.cwd()
    for folder in [here] if named else [here, *here.parents]:
        if (folder / _MARK).is_dir():
            return folder.resolve()
    raise ConfigurationError(
        "this is not a Lakebook workbook",
        expected=f"a folder that holds {_MARK}, here or above",
        got=str(here),
        todo="cd into the checkout, or set LAKEBOOK_HOME to it",
    )


def state() -> Path:
    """Return `.lakebook/`, where stacks, logs and runs are kept; made, and kept out of git, at first use.

    Raises LakebookError where it cannot be made.
    """
    folder = root() / ".lakebook"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None
    return folder


def unwritable(path: Path, error: OSError) -> LakebookError:
    """Return the error for a place that cannot be written: a full disk, a missing permission."""
    return LakebookError(
        f"{shown(path)} cannot be written",
        expected="a place that can be written, with room",
        got=error.strerror or str(error),
        where=shown(Path(error.filename)) if isinstance(error.filename, str) else shown(path),
        todo="free space on the disk, or mend the permissions of .lakebook",
    )


def shown(path: Path) -> str:
    """Return a path as people and reports see it: from the root of the workbook, never from that of the machine."""
    try:
        return path.resolve().relative_to(root()).as_posix()
    except ValueError:
        return path.name


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds. Raises ConfigurationError, with line and column, for one that is broken."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - a safe one either way
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ConfigurationError(
            f"{path.name} is not valid YAML",
            expected="YAML",
            got=str(error.problem),
            where=f"{shown(path)}{place}",
            todo="mend the file at that line",
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"{path.name} cannot be read",
            expected="a YAML file",
            got=str(error),
            where=shown(path),
            todo="mend the file, or its permissions",
        ) from None
