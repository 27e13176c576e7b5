"""`lakebook up`, `down` and `status`: stacks that stay."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from lakebook import profile
from lakebook.commands.app import app, out


class Means(StrEnum):
    """By what means services may be started, besides processes."""

    COMPOSE = "compose"


With = Annotated[Means | None, typer.Option("--with", help="Start containers of compose.yaml too.")]
ProfileName = Annotated[str, typer.Option("--profile", help="The system under test.")]


@app.command()
def up(profile_name: ProfileName = "embedded", with_: With = None) -> None:
    """Start a profile's services and leave them running, until `lakebook down`.

    With compose, those that the profile uses by an address on this machine are started as containers of compose.yaml.
    """
    from lakebook.stack import compose, shared  # noqa: PLC0415

    found = profile.load(profile_name)
    if with_:
        out.print(f"healthy: {', '.join(compose.up(found))}")
    _show_stack(shared.up(found, tell=out.print))


@app.command()
def down(
    profile_name: Annotated[str | None, typer.Option("--profile", help="Only this one.")] = None,
    with_: Annotated[Means | None, typer.Option("--with", help="Stop containers of compose.yaml too.")] = None,
) -> None:
    """Stop what `lakebook up` started; with compose, the containers of the named profile too, or all of them."""
    from lakebook.stack import compose, shared  # noqa: PLC0415

    stopped = shared.down(profile_name)
    if with_:
        compose.down(profile.load(profile_name) if profile_name else None)
    out.print("\n".join(f"stopped {name}" for name in stopped) or "nothing was running")


@app.command()
def status() -> None:
    """Show the stacks that run: services, versions, addresses, logs. Exit 1 if a service of one has died."""
    from lakebook.stack.state import running  # noqa: PLC0415

    found = running()
    for state in found:
        _show_stack(state)
    if not found:
        out.print("no stack is running; lakebook up starts one")
    raise typer.Exit(int(any(state.dead() for state in found)))


def _show_stack(state: Any) -> None:
    dead = state.dead()
    table = Table(title=f"{state.profile}{' (shared)' if state.shared else ''}", title_justify="left")
    for column in ("role", "service", "version", "address", "state"):
        table.add_column(column, overflow="fold")
    for role, service in state.services.items():
        alive = "dead" if role in dead else "running"
        table.add_row(role, service.kind, service.version, service.url, alive)
    out.print(table)
    for service in state.services.values():  # whole lines, to be copied
        if service.log:
            out.print(f"  {service.log}", soft_wrap=True, markup=False)
