"""An executed notebook as HTML: prose, code and outputs, each cell with its anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from pathlib import Path


def read(executed: Path) -> Any:
    """Return the notebook in a file, or None where there is none that can be read."""
    try:
        return nbformat.read(executed, as_version=4)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError):
        return None


def body(found: Any) -> str:
    """Return the cells of a notebook as HTML."""
    from nbconvert import HTMLExporter  # noqa: PLC0415 - slow to import

    exporter = HTMLExporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)
    return str(exporter.from_notebook_node(found)[0]) if found else ""
