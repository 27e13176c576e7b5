"""The page of one scenario: what was decided, then the executed notebook as an essay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.report import links, notebook, page, reds

if TYPE_CHECKING:
    from pathlib import Path

    from lakebook.run.execute import Result


def render(result: Result, executed: Path) -> str:
    """Return the page as HTML; where there is no notebook to show, the reason alone."""
    from markupsafe import Markup  # noqa: PLC0415 - slow to import

    found = notebook.read(executed)
    return page.render(
        "scenario.html.j2",
        result=result,
        trouble=reds.of(result),
        body=Markup(notebook.body(found, result.title)) if found else "",  # noqa: S704 - nbconvert has escaped it
        cells=notebook.cells(found),
        notebook=executed.name if executed.exists() else "",
        index=links.INDEX,
    )
