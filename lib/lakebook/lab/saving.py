"""A server extension of JupyterLab: scenarios are saved as they are committed, without outputs.

Whoever steps through a scenario changes its file by nothing but what they typed: outputs are on the page, and of a run
in its report. Copies below `.lakebook/` keep theirs.
"""

from __future__ import annotations

from typing import Any

FOLDER = "notebooks/"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def without_outputs(*, model: dict[str, Any], path: str, **_: object) -> None:
    """Take outputs, counts and what a kernel says of itself out of a scenario that is about to be saved."""
    if model.get("type") != "notebook" or not path.lstrip("/").startswith(FOLDER):
        return
    notebook = model["content"]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        for name in ("execution", "trusted"):  # when it ran, and whether its outputs are to be believed
            cell["metadata"].pop(name, None)
    notebook["metadata"] |= {"kernelspec": _KERNEL, "language_info": {"name": "python"}}


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.contents_manager.register_pre_save_hook(without_outputs)
