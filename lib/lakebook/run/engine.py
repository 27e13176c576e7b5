"""A papermill engine: kernels over local sockets, and outputs that are clean of secrets before they are written."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.iorw import LocalHandler, papermill_io

from lakebook import secret
from lakebook.run import kept

NAME = "lakebook"


class CleanClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill is untyped
    """Takes known secrets out of every message of the kernel."""

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Handle one message, cleaned."""
        msg["content"] = secret.clean(msg["content"])
        output = super().process_message(msg, cell, cell_index)
        _join_streams(cell.get("outputs", []))
        return output


def _join_streams(outputs: list[Any]) -> None:
    """Join what was printed in pieces, as a person sees it, and clean it as a whole."""
    if len(outputs) > 1 and all(one.output_type == "stream" for one in outputs[-2:]):
        before, last = outputs[-2:]
        if before.name == last.name:
            before.text = secret.redact(before.text + last.text)
            del outputs[-1]


class WholeFiles(LocalHandler):  # type: ignore[misc]  # papermill is untyped
    """Writes a notebook whole or not at all, so that one that is ended meanwhile leaves the last whole one."""

    def write(self, buf: str, path: str) -> None:
        """Write a notebook, without secrets."""
        partial = Path(f"{path}.partial")
        partial.write_text(secret.redact(buf), encoding="utf-8")
        partial.rename(path)


class CleanEngine(Engine):  # type: ignore[misc]  # papermill is untyped
    """papermill's own engine, with the client above and a kernel that no port can collide with."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        sockets: Path,
        start_timeout: float,
        execution_timeout: float,
        keep_red: bool = False,
        **_: Any,
    ) -> Any:
        """Execute the notebook that papermill manages; `sockets` is a folder for the kernel's sockets.

        With `keep_red`, a kernel of which a cell raised lives on.
        """
        client = CleanClient(
            nb_man,
            kernel_name=kernel_name,
            timeout=ceil(execution_timeout),  # whole seconds; 0 would be none
            startup_timeout=ceil(start_timeout),
            shutdown_kernel="immediate",
        )
        client.km = client.create_kernel_manager()
        client.km.transport, client.km.ip = "ipc", str(sockets / "kernel")
        client.km.connection_file = str(kept.connection_file(sockets))
        if not keep_red:
            return client.execute()
        try:
            return client.execute(cleanup_kc=False)
        finally:
            if client.km and not _raised(nb_man.nb):
                client._cleanup_kernel()  # noqa: SLF001 - nbclient takes this decision beforehand alone


def _raised(notebook: Any) -> bool:
    return any(output.output_type == "error" for cell in notebook.cells for output in cell.get("outputs", ()))


papermill_io.register("/", WholeFiles())
papermill_engines.register(NAME, CleanEngine)
