"""`lakebook clean`: what earlier runs left."""

from __future__ import annotations

from typing import Annotated

import typer

from lakebook import log, profile
from lakebook.commands.app import app, out


@app.command()
def clean(
    profiles: Annotated[
        list[str] | None, typer.Option("--profile", help="In its services by address too; repeatable.")
    ] = None,
) -> None:
    """Remove what earlier runs left: tables and files of red scenarios, folders of stacks whose owner is gone.

    Of services that are used by their address, those of the profiles that are named, and of stacks that run.
    """
    from lakebook.lake import leftovers  # noqa: PLC0415

    log.configure()
    named = [profile.load(name) for name in profiles or []]
    removed = [*leftovers.remove(), *(name for one in named for name in leftovers.of_profile(one))]
    out.print("\n".join(f"removed {name}" for name in removed) or "nothing was left behind")
