"""`lakebook lab`: JupyterLab on this workbook, with a stack that its notebooks use."""

from __future__ import annotations

import webbrowser
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from lakebook import log, profile
from lakebook.commands.app import app, out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakebook.lab.server import Server
    from lakebook.profile import Profile

ProfileName = Annotated[str, typer.Option("--profile", help="The system whose stack notebooks use.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Show the address; open no browser.")]


@app.command()
def lab(profile_name: ProfileName = "embedded", no_browser: NoBrowser = False) -> None:
    """Open JupyterLab on this workbook, at a page that leads to its scenarios. Ctrl-C ends it and all it started."""
    from lakebook.lab import front_page, server  # noqa: PLC0415 - slow to import

    log.configure()
    server.require_installed()
    found = profile.load(profile_name)
    with _stack(found) as environment, server.serving(environment) as running:
        page = front_page.made(front_page.begin({**environment, server.VARIABLE: running.url}, running.folder))
        server.ready(running)
        show(running, running.address(page), browser=not no_browser)


@contextmanager
def _stack(found: Profile) -> Iterator[dict[str, str]]:
    """Lend what attaches notebooks to a stack: nothing where `lakebook up` left one running, for it is found."""
    from lakebook.stack import lease, stack, state  # noqa: PLC0415

    if lease.shared(found):
        yield {}
        return
    out.print(f"starting the stack of {found.name}, which ends with JupyterLab")
    with stack.lent(found) as own:
        yield {state.VARIABLE: str(own.file)}


def show(running: Server, address: str, *, browser: bool) -> None:
    """Show the address of a JupyterLab that is ready, in a browser too, and wait until it ends or is interrupted.

    The address holds the token, which is all that one needs to use this JupyterLab: it goes to the terminal of the one
    who asked, and into no log.
    """
    try:
        out.print(f"JupyterLab: {address}", soft_wrap=True)
        out.print("Ctrl-C here ends it")
        if browser:
            webbrowser.open(running.redirection(address).as_uri())
        running.wait()
    except KeyboardInterrupt:
        out.print("ending JupyterLab")
