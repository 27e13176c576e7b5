"""A papermill engine: kernels over local sockets, and outputs that are clean of secrets before they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines

from lakebook import secret

if TYPE_CHECKING:
    from pathlib import Path

NAME = "lakebook"


class CleanClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill is untyped
    """Takes known secrets out of every message of the kernel."""

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Handle one message, cleaned."""
        msg["content"] = secret.clean(msg["content"])
        return super().process_message(msg, cell, cell_index)


class CleanEngine(Engine):  # type: ignore[misc]  # papermill is untyped
    """papermill's own engine, with the client above and a kernel that no port can collide with."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, sockets: Path, start_timeout: float, execution_timeout: float, **_: Any
    ) -> Any:
        """Execute the notebook that papermill manages; `sockets` is a folder for the kernel's sockets."""
        client = CleanClient(
            nb_man,
            kernel_name=kernel_name,
            timeout=int(execution_timeout),
            startup_timeout=int(start_timeout),
            shutdown_kernel="immediate",
        )
        client.km = client.create_kernel_manager()
        client.km.transport, client.km.ip = "ipc", str(sockets / "kernel")
        return client.execute()


papermill_engines.register(NAME, CleanEngine)
