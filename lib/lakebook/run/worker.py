"""Runs as a process of its own: executes one job's notebook with papermill, and writes down how it ended."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook import project, secret
from lakebook.lake import record, session
from lakebook.run import kept
from lakebook.run.job import UNWRITABLE, Job, Outcome
from lakebook.stack import state
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from papermill.exceptions import PapermillExecutionError

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_KERNEL, _LANGUAGE = "python3", "python"
_PYTEST = "PYTEST_CURRENT_TEST"  # a kernel that sees it does not show what its children print


def _prepare(job: Job, private: Path) -> None:
    """Give the kernel what it attaches with, and nothing of what lies on this machine or of who executes."""
    os.environ.update(
        {
            "LAKEBOOK_HOME": str(job.home),
            state.VARIABLE: str(job.stack),
            record.VARIABLE: str(job.checks),
            secret.VARIABLE: str(private / "secrets"),
            session.SCENARIO: job.notebook.stem,
            session.KEEP: "1" if job.keep else "",
            "IPYTHONDIR": str(private / "ipython"),
            "JUPYTER_DATA_DIR": str(private / "jupyter"),
            "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
            "JUPYTER_NO_CONFIG": "1",
            "NO_COLOR": "1",
        }
    )
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]  # a key of the machine must not help a client that should do without
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ.pop(_PYTEST, None)


def execute(job: Job, private: Path) -> Outcome:
    """Execute the notebook; return how it ended. Whatever happens, the partial notebook is kept."""
    import papermill  # noqa: PLC0415 - slow to import
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    from lakebook.run import engine  # noqa: PLC0415

    try:
        papermill.execute_notebook(
            job.notebook,
            job.executed,
            {**job.parameters, "profile": job.profile},
            engine_name=engine.NAME,
            kernel_name=_KERNEL,
            language=_LANGUAGE,
            progress_bar=False,
            cwd=job.notebook.parent,
            sockets=private,
            start_timeout=TIMEOUTS.kernel_start,
            execution_timeout=job.cell_seconds or TIMEOUTS.cell,
            keep_red=job.keep_red,
        )
    except PapermillExecutionError as error:
        return Outcome(secret.redact(_reason(error)))
    except DeadKernelError:
        return Outcome("the kernel died: out of memory, or killed")
    except CellTimeoutError:
        return Outcome(f"a cell ran longer than {job.cell_seconds or TIMEOUTS.cell:g} s")
    return Outcome()


def _reason(error: PapermillExecutionError) -> str:
    return f"{error.ename}: {_COLOUR.sub('', str(error.evalue))}"


def main(file: str, private: str, *, forks: bool = False) -> int:
    """Execute the job in a file, with a private folder. Return 0 once its outcome is written.

    With `forks` the kernel is a copy of this process as it is now, with all that it has imported.
    """
    job = Job.read(Path(file))
    _prepare(job, Path(private))
    if forks:
        from lakebook.run import kernel  # noqa: PLC0415 - slow to import

        kernel.prepare()
    state.read(job.stack)  # its secrets are known from here on
    try:
        outcome = json.dumps(asdict(execute(job, Path(private))))
        partial = job.outcome.with_suffix(".partial")
        partial.write_text(outcome, encoding="utf-8")
        partial.rename(job.outcome)
    except OSError as error:
        sys.stderr.write(f"{project.unwritable(job.folder, error)}\n")
        return UNWRITABLE
    if job.keep_red:
        _stay_with_kernel(job, kept.connection_file(Path(private)))
    return 0


def _stay_with_kernel(job: Job, connection: Path) -> None:
    """Wait, where the kernel lives on, until this process is ended and the kernel with it; say so first."""
    if connection.exists():
        kept.write(job.executed, kept.Kernel(connection, job.stack, state.Owner.this_process()))
        signal.pause()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
