"""`lakebook clean`: what earlier runs left."""

from __future__ import annotations

from lakebook.commands.app import app, out


@app.command()
def clean() -> None:
    """Remove what earlier runs left: tables and files of red scenarios, folders of stacks whose owner is gone."""
    from lakebook.lake import leftovers  # noqa: PLC0415

    removed = leftovers.remove()
    out.print("\n".join(f"removed {name}" for name in removed) or "nothing was left behind")
