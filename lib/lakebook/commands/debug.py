"""`lakebook debug`: a red scenario in JupyterLab, on the kernel that still holds its state."""

from __future__ import annotations

from typing import Annotated

import typer

from lakebook import log
from lakebook.commands.app import app, out
from lakebook.commands.lab import NoBrowser, show


@app.command()
def debug(
    run: Annotated[str, typer.Argument(help="A run that keeps its red scenarios, by name, or last.")],
    scenario: Annotated[str, typer.Argument(help="A red scenario of it, by name or as workflow/name.")],
    profile_name: Annotated[str | None, typer.Option("--profile", help="Which, of a run on several.")] = None,
    no_browser: NoBrowser = False,
) -> None:
    """Open a red scenario of a run in JupyterLab, with all its variables; `lakebook run --keep-red` keeps them."""
    from lakebook.lab import debugging, server  # noqa: PLC0415 - slow to import
    from lakebook.run import history  # noqa: PLC0415
    from lakebook.stack import state  # noqa: PLC0415

    log.configure()
    server.require_installed()
    folder = history.find(run)
    result = debugging.red(folder, scenario, profile_name)
    kernel = debugging.kernel(folder, result)
    notebook = debugging.copied(folder, result)
    environment = {state.VARIABLE: str(kernel.stack)}
    with server.serving(environment, *debugging.options(kernel)) as running:
        server.ready(running)
        debugging.attach(running, notebook)
        out.print(f"{result.workflow}/{result.scenario} on {result.profile}, as it was when it had run")
        show(running, running.address(notebook), browser=not no_browser)
