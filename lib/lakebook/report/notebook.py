"""An executed notebook as HTML: prose, code and outputs, each cell with its anchor."""

from __future__ import annotations

import re
import threading
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import nbformat

from lakebook.report.page import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

    from nbconvert import HTMLExporter

_own = threading.local()
_BOUND = 150_000  # characters of a body without pictures; the page around it comes on top
_LIMITS = (40_000, 10_000, 2_500, 500)
_BANNER = "papermill-error-cell-tag"  # papermill's own words on an error, which the page says better
_PICTURE = re.compile(r"data:image/[^\"']+")
_KINDS = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain")  # the best first


def read(executed: Path) -> Any:
    """Return the notebook in a file, or None where there is none that can be read."""
    try:
        return nbformat.read(executed, as_version=4)
    except (OSError, ValueError, AttributeError, KeyError, nbformat.ValidationError):
        return None


def cells(found: Any) -> set[str]:
    """Return the ids of the cells that can be linked to."""
    return {str(cell["id"]) for cell in found.cells if cell.get("id")} if found else set()


def body(found: Any, title: str) -> str:
    """Return the cells as HTML, without the title, which the page has said; long outputs are cut to keep it small."""
    html = ""
    for limit in _LIMITS:
        html = _convert(_shortened(found, title, limit))
        if len(_PICTURE.sub("", html)) <= _BOUND:
            break
    return html


def _convert(found: Any) -> str:
    return str(_exporter().from_notebook_node(found)[0])


def _exporter() -> HTMLExporter:
    """Return this thread's exporter: a new one would compile all its templates again, for each notebook."""
    if not hasattr(_own, "exporter"):
        from nbconvert import HTMLExporter  # noqa: PLC0415 - slow to import

        _own.exporter = HTMLExporter(
            template_name="notebook", extra_template_basedirs=[str(TEMPLATES)], exclude_anchor_links=True
        )
    return _own.exporter


def _shortened(found: Any, title: str, limit: int) -> Any:
    copy = deepcopy(found)
    copy.cells = [cell for cell in copy.cells if _BANNER not in cell.metadata.get("tags", ())]
    if copy.cells and copy.cells[0].cell_type == "markdown":
        copy.cells[0].source = copy.cells[0].source.removeprefix(f"# {title}").lstrip()
    for cell in copy.cells:
        for output in cell.get("outputs", []):
            _shorten(output, limit)
    return copy


def _shorten(output: Any, limit: int) -> None:
    if "text" in output:
        output.text = _cut(output.text, limit)
    if "traceback" in output:
        output.traceback = [_cut("\n".join(output.traceback), limit)]
    if "data" in output:
        output.data = _representable(output.data, limit)


def _representable(data: Any, limit: int) -> dict[str, Any]:
    """Return the forms of an output that a page can show, the best first; never a script."""
    kept = {kind: data[kind] for kind in _KINDS if kind in data}
    if len(kept.get("text/html", "")) > limit:
        del kept["text/html"]  # half of it would not be HTML; the text says the same
    return {kind: _cut(value, limit) if kind == "text/plain" else value for kind, value in kept.items()}


def _cut(text: str, limit: int) -> str:
    left_out = len(text) - limit
    if left_out <= 0:
        return text
    return f"{text[: limit // 2]}\n… {left_out:,} characters left out: the notebook has them …\n{text[-limit // 2 :]}"
