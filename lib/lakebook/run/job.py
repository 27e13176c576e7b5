"""One scenario on one profile: what its executor is told, and what it tells back."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Each job has a kernel, and keeps the stack's services busy; one more than there are CPUs, for a job often waits.
AT_ONCE = min((os.cpu_count() or 1) + 1, 4)
UNWRITABLE = 74  # the executor's exit status where it could not write; EX_IOERR of sysexits.h


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that one execution needs. It is refused where the scenario does not have one of its `parameters`."""

    notebook: Path
    scenario: str
    profile: str
    parameters: Mapping[str, Any]
    stack: Path
    folder: Path
    home: Path
    keep: bool = False
    cell_seconds: float = 0
    scenario_seconds: float = 0
    keep_red: bool = False

    @property
    def executed(self) -> Path:
        """The executed notebook."""
        return self.folder / self.notebook.name

    @property
    def checks(self) -> Path:
        """The checks, one line each."""
        return self.folder / f"{self.notebook.stem}.checks.jsonl"

    @property
    def outcome(self) -> Path:
        """What the executor tells at its end."""
        return self.folder / f"{self.notebook.stem}.outcome.json"

    @property
    def log(self) -> Path:
        """What the executor and the kernel wrote beside the notebook; removed where nothing went wrong."""
        return self.folder / f"{self.notebook.stem}.log"

    def write(self, file: Path) -> None:
        """Write the job for the executor."""
        file.write_text(json.dumps(asdict(self), default=str), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Job:
        """Return the job in a file."""
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return cls(**{**content, **{name: Path(content[name]) for name in _PATHS}})


_PATHS = ("notebook", "stack", "folder", "home")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an execution ended: `error` is empty where every cell ran."""

    error: str = ""
