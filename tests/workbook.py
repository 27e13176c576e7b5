"""A workbook of a test's own: profiles, notebooks and `.lakebook/` below a temporary folder, and the real command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import psutil
from nbformat import v4

from lakebook import poll
from lakebook.stack import part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "lakebook.cli")
ENOUGH_SECONDS = 120
GREEN = (
    "import lakebook\nlake = lakebook.connect(profile)",
    'lake.check("ING-01", got=1, expected=1)',
    "lake.finish()",
)


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the settings of Lakebook that this process was given; where parts are kept stays."""
    kept = part.CACHE_VARIABLE
    return {name: value for name, value in environment.items() if not name.startswith("LAKEBOOK") or name == kept}


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook in a folder; everything that its commands start has its folder in the environment."""

    home: Path

    def environment(self, given: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of its commands: nothing that this process has of another workbook."""
        own = without_ours(os.environ)
        path = os.pathsep.join([str(self.modules), *filter(None, [own.get("PYTHONPATH")])])
        return own | {
            "LAKEBOOK_HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": path,
            "COLUMNS": "200",
            **(given or {}),
        }

    @property
    def modules(self) -> Path:
        """A folder whose modules a profile may name."""
        return self.home / "modules"

    @property
    def temporary(self) -> Path:
        """What its commands take for /tmp; short, for sockets are in it."""
        return Path("/tmp") / f"lbt-{abs(hash(self.home)) % 10**8:08d}"

    @property
    def state(self) -> Path:
        return self.home / ".lakebook"

    def start(self, *arguments: str, **given: str) -> subprocess.Popen[str]:
        """Start the command."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(given),
            cwd=self.home,
        )

    def lakebook(self, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        process = self.start(*arguments, **given)
        try:
            out, err = process.communicate(timeout=ENOUGH_SECONDS)
        finally:
            process.kill()
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def notebook(self, name: str, *cells: str, parameters: str = "", **metadata: Any) -> Path:
        """Write a notebook: its parameters, then its cells; `tags` are those of its second cell."""
        tags = metadata.pop("tags", [])
        first = v4.new_code_cell(f'profile = "embedded"\n{parameters}', metadata={"tags": ["parameters"]})
        code = [v4.new_code_cell(cell) for cell in cells]
        code[0].metadata["tags"] = tags
        written = v4.new_notebook(cells=[v4.new_markdown_cell(f"# {name}"), first, *code], metadata=metadata)
        file = self.home / "notebooks" / "odd" / f"{name}.ipynb"
        file.parent.mkdir(exist_ok=True)
        nbformat.write(written, file)
        return file

    def profile(self, name: str, text: str = "", **roles: str) -> None:
        """Write a profile: the embedded one, with other roles, or any text."""
        usual = {
            "storage": "{service: moto}",
            "catalog": "{service: tinylake_catalog}",
            "engine": "{service: sail}",
            "ingestion": "{service: tinylake_autoloader}",
        }
        lines = [f"{role}: {value}" for role, value in (usual | roles).items()]
        file = self.home / "parameters" / "profiles" / f"{name}.yaml"
        file.write_text(text or "\n".join([f"title: {name}", *lines, ""]))

    def module(self, name: str, code: str) -> None:
        """Write a module that a profile may start in a service's place."""
        (self.modules / f"{name}.py").write_text(code)

    def processes(self) -> list[psutil.Process]:
        """Every living process that one of its commands started, in whatever session it is."""
        return [one for one in psutil.process_iter() if self._mine(one)]

    def _mine(self, process: psutil.Process) -> bool:
        try:
            lives = process.status() != psutil.STATUS_ZOMBIE
            return lives and process.environ().get("LAKEBOOK_HOME") == str(self.home)
        except psutil.Error:
            return False

    def stacks(self) -> list[dict[str, Any]]:
        """What is written down of its stacks."""
        files = sorted(self.state.glob("stacks/*/stack.json"))
        return [{**json.loads(file.read_text()), "file": file} for file in files]

    def folders(self) -> list[Path]:
        return sorted(self.state.glob("stacks/*"))

    def results(self) -> dict[str, Any]:
        """The results of its only run."""
        (file,) = self.state.glob("runs/*/results.json")
        return json.loads(file.read_text())

    def nothing_left(self, *, seconds: float = 15) -> None:
        """Wait until no process and no folder of a stack, and nothing in /tmp, is left; fail where some is."""
        poll.until(
            lambda: [*self.processes(), *self.folders(), *self.temporary.glob("lb-*")],
            what="nothing to be left behind",
            deadline_seconds=seconds,
            done=lambda left: not left,
        )

    def end(self) -> None:
        """End whatever a test that failed left running, and remove its temporary folder."""
        for one in self.processes():
            if one.pid != os.getpid():
                one.kill()
        shutil.rmtree(self.temporary, ignore_errors=True)


def make(home: Path, *, notebooks: bool = False) -> Workbook:
    """Make a workbook in a new folder, with the repository's profiles and requirements; with its notebooks, or none."""
    (home / "modules").mkdir(parents=True)
    shutil.copytree(ROOT / "parameters", home / "parameters", ignore=shutil.ignore_patterns("*.local.yaml"))
    if notebooks:
        shutil.copytree(ROOT / "notebooks", home / "notebooks")
    else:
        (home / "notebooks").mkdir()
        shutil.copy(ROOT / "notebooks" / "requirements.yaml", home / "notebooks")
    made = Workbook(home.resolve())
    made.temporary.mkdir()
    return made


@contextmanager
def standing(home: Path) -> Iterator[Workbook]:
    """Lend a workbook in a new folder whose stack `lakebook up` has started."""
    made = make(home)
    try:
        done = made.lakebook("up")
        assert done.returncode == 0, done.stdout + done.stderr
        yield made
        made.lakebook("down")
    finally:
        made.end()
