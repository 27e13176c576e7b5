"""The runs that this workbook keeps, and the names by which commands take them."""

from __future__ import annotations

import re
from pathlib import Path

from lakebook import project
from lakebook.errors import ConfigurationError
from lakebook.run import results

LAST = "last"
_BACK = re.compile(rf"{LAST}(?:~(?P<back>\d+))?")
_NAME = re.compile(r"(?P<time>[^Z]+Z)(?:-(?P<number>\d+))?")


def folders() -> list[Path]:
    """Return the folders of all runs that were written to their end, newest first."""
    written = [file.parent for file in (project.state() / "runs").glob(f"*/{results.FILE}")]
    return sorted(written, key=lambda one: _moment(one.name), reverse=True)


def _moment(name: str) -> tuple[str, int]:
    """Return the place in time of a run's name: `<time>`, or `<time>-2` for the second run of one second."""
    match = _NAME.fullmatch(name)
    return (match["time"], int(match["number"] or 1)) if match else ("", 0)


def find(name: str) -> Path:
    """Return the folder of a run: `last`, `last~1` for the one before it, a name in .lakebook/runs, or a path.

    Raises ConfigurationError where there is none.
    """
    every = folders()
    if match := _BACK.fullmatch(name):
        back = int(match["back"] or 0)
        if back < len(every):
            return every[back]
    got = name
    for one in (project.state() / "runs" / name, Path(name)):
        if (one / results.FILE).is_file():
            return one
        if one.is_dir():
            got = f"{name}, a folder without {results.FILE}: it still runs, or was stopped"
    near = ", ".join(one.name for one in every[:3])
    raise ConfigurationError(
        f"there is no run {name}" if every else "there is no run yet",
        expected=f"{LAST}, {LAST}~1, a name such as {near}, or a folder with {results.FILE}" if every else "a run",
        got=got,
        where=".lakebook/runs",
        todo="ls .lakebook/runs" if every else "lakebook run",
    )


def read(folder: Path) -> results.Run:
    """Return the run in a folder. Raises ConfigurationError for results of another format, or broken ones."""
    try:
        return results.read(folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigurationError(
            f"the results of {folder.name} cannot be read",
            expected=f"{results.FILE} in format {results.FORMAT}",
            got=f"{type(error).__name__}: {error}",
            where=project.shown(folder / results.FILE),
            todo="run again with this version",
        ) from None
