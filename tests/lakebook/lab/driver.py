"""JupyterLab as a command opened it, for a test to use."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import workbook

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Opened:
    """A command that has opened JupyterLab, and where."""

    process: subprocess.Popen[str]
    address: str

    @classmethod
    def by(cls, book: workbook.Workbook, python: Path, *arguments: str, **given: str) -> Opened:
        """Start a command, and wait until it shows the address."""
        process = start(book, python, *arguments, **given)
        shown = said(process, "JupyterLab: ")
        return cls(process, shown[-1].split()[1])

    def end(self) -> int:
        """Ask it to end; return its status."""
        self.process.terminate()
        self.process.communicate(timeout=workbook.ENOUGH_SECONDS)
        return self.process.returncode


def start(book: workbook.Workbook, python: Path, *arguments: str, **given: str) -> subprocess.Popen[str]:
    """Start a command in the environment with JupyterLab, with a Jupyter configuration of the test's own."""
    own = {f"JUPYTER_{name}_DIR": str(book.home / "jupyter" / name.lower()) for name in ("CONFIG", "DATA")}
    return subprocess.Popen(
        [python, "-m", "lakebook.cli", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=book.environment({**own, **given}),
        cwd=book.home,
    )


def said(process: subprocess.Popen[str], words: str) -> list[str]:
    """Return the lines that a command has written, once one begins with these words; fail where it ends before."""
    shown = []
    for line in process.stdout:
        shown.append(line)
        if line.startswith(words):
            return shown
    raise AssertionError("".join(shown))
