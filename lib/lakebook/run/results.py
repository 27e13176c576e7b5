"""A run as it is kept: `results.json`, from which every report, summary and comparison is made."""

from __future__ import annotations

import json
import platform
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import psutil

from lakebook import project, secret
from lakebook.run.execute import Result
from lakebook.stack.presence import Absent
from lakebook.verdict import Check, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lakebook.profile import Profile
    from lakebook.stack.state import StackState

FORMAT = 1
FILE = "results.json"
_PACKAGES = ("lakebook", "papermill", "nbclient", "pyiceberg", "pyarrow", "pyspark-client", "pysail", "moto", "boto3")
_BYTES_PER_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class ProfileRun:
    """A profile as it ran: its services with versions and seconds to ready, or the error that kept it from starting."""

    name: str
    title: str
    services: Sequence[Mapping[str, Any]] = ()
    capabilities: Sequence[str] = ()
    lacks: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Scenarios × profiles, executed. `command` is how to repeat it."""

    started: str
    seconds: float
    command: str
    environment: Mapping[str, Any]
    profiles: Sequence[ProfileRun]
    results: Sequence[Result]
    left_out: Sequence[str] = ()
    absent: Sequence[Absent] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all; a profile that did not start is red."""
        profiles = [Verdict.UNKNOWN for profile in self.profiles if profile.error]
        return worst([*(result.verdict for result in self.results), *profiles])

    @property
    def exit_status(self) -> int:
        """0 where nothing is red, else 1."""
        return int(self.verdict.red)


def profile_run(found: Profile, state: StackState) -> ProfileRun:
    """Return what is kept of a profile whose stack runs."""
    services = [
        {"role": role, "kind": one.kind, "version": one.version, "ready_seconds": one.ready_seconds}
        for role, one in state.services.items()
    ]
    return ProfileRun(found.name, found.caption, services, sorted(state.capabilities), dict(state.lacks))


def environment() -> dict[str, Any]:
    """Return what the run ran on: packages, machine, commit. Nothing that names the machine or its user."""
    return {
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "cores": psutil.cpu_count(),
            "memory_gib": round(psutil.virtual_memory().total / _BYTES_PER_GIB),
        },
        "commit": _commit(),
    }


def _commit() -> str:
    command = ["git", "-C", str(project.root()), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def now() -> str:
    """Return the time in ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def write(run: Run, folder: Path) -> Path:
    """Write results.json, whole or not at all; return the file."""
    content = secret.clean(
        {"format": FORMAT, "verdict": run.verdict, "exit_status": run.exit_status, **_jsonable(asdict(run))}
    )
    file = folder / FILE
    partial = file.with_suffix(".partial")
    try:
        partial.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        partial.rename(file)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return file


def _jsonable(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def read(folder: Path) -> Run:
    """Return the run in a folder. Raises OSError or ValueError where there is none, or one of another format."""
    content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    found = content.get("format") if isinstance(content, dict) else None
    if found != FORMAT:
        raise ValueError(f"format {found}")
    results = [
        Result(
            **{
                **one,
                "verdict": Verdict(one["verdict"]),
                "checks": [Check(**{**check, "verdict": Verdict(check["verdict"])}) for check in one["checks"]],
            }
        )
        for one in content["results"]
    ]
    profiles = [ProfileRun(**one) for one in content["profiles"]]
    absent = [Absent(**one) for one in content.get("absent", ())]
    kept = {name: content[name] for name in ("started", "seconds", "command", "environment", "left_out")}
    return Run(**kept, profiles=profiles, results=results, absent=absent)
