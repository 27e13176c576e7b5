"""Kernels without a start: a copy of this process waits, everything imported, until papermill wants a kernel."""

from __future__ import annotations

import atexit
import json
import os
import sys
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from lakebook.run import forked

if TYPE_CHECKING:
    from subprocess import Popen

    from jupyter_client.connect import KernelConnectionInfo

    from lakebook.run.forked import Forked

_NAME = "lakebook-forked"
_waiting: list[tuple[Forked, int]] = []


def prepare() -> None:
    """Fork the process that becomes the next kernel which this process starts, while it has one thread."""
    told, tell = os.pipe()
    child = forked.fork(partial(_kernel, told, tell))
    os.close(told)
    _waiting.append((child, tell))
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[_NAME] = EntryPoint(_NAME, f"{__name__}:{ForkedKernel.__name__}", factory.GROUP_NAME)
    factory.default_provisioner_name = _NAME


def _kernel(told: int, tell: int) -> int:
    """Wait to be told what to be; be that kernel until it ends. Return 0, also where nobody ever tells."""
    os.setsid()  # an interrupt goes to the kernel and its children alone
    os.close(tell)  # else the end of the other process would not be seen
    with os.fdopen(told, encoding="utf-8") as asked:
        line = asked.readline()
    if line:
        _be(**json.loads(line))
        atexit._run_exitfuncs()  # noqa: SLF001 - what the notebook registered runs, as at any exit
    return 0


def _be(connection_file: str, environment: dict[str, str], folder: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.modules["__main__"] = ModuleType("__main__")
    sys.argv = ["ipykernel_launcher", "-f", connection_file]
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # no two kernels draw the same
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 - a worker that starts an ordinary kernel needs it not

    app = IPKernelApp.instance(parent_handle=os.getppid())  # ends when the process that executes does
    app.initialize(sys.argv[1:])
    app.start()


class ForkedKernel(LocalProvisioner):
    """Starts a kernel by telling the copy that waits; where none waits any more, by its command."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Start the kernel; return how to connect to it."""
        if not _waiting:
            return await super().launch_kernel(cmd, **options)
        child, tell = _waiting.pop()
        asked = {
            "connection_file": cmd[cmd.index("-f") + 1],
            "environment": dict(options.get("env") or os.environ),
            "folder": str(options.get("cwd") or Path.cwd()),
        }
        with os.fdopen(tell, "w", encoding="utf-8") as kernel:
            kernel.write(f"{json.dumps(asked)}\n")
        self.process = cast("Popen[bytes]", child)
        self.pid = self.pgid = child.pid
        return self.connection_info
