"""`lakebook list`: what there is, by name."""

from __future__ import annotations

from typing import Annotated

import typer

from lakebook import profile, requirement
from lakebook.commands.app import app, out
from lakebook.errors import ConfigurationError


@app.command("list")
def list_(what: Annotated[str, typer.Argument(help="profiles, workflows, scenarios, requirements or mutants")]) -> None:
    """List what there is, by name."""
    from lakebook.proof import planted  # noqa: PLC0415
    from lakebook.run import scenario  # noqa: PLC0415

    lists = {
        "profiles": lambda: [(name, _caption(name)) for name in profile.names()],
        "workflows": lambda: [(name, "") for name in dict.fromkeys(one.workflow for one in scenario.every())],
        "scenarios": lambda: [(one.id, one.title) for one in scenario.every()],
        "mutants": lambda: [(one.name, one.sentence) for one in planted.every()],
        "requirements": lambda: [
            (one.id, one.says if one.id in scenario.decided() else f"{one.says} (no scenario yet)")
            for one in requirement.all_requirements().values()
        ],
    }
    if what not in lists:
        raise ConfigurationError(
            f"there is no list of {what}", expected=" or ".join(lists), got=what, todo="lakebook list scenarios"
        )
    entries: list[tuple[str, str]] = lists[what]()  # type: ignore[no-untyped-call]  # a dict of lambdas
    for name, text in entries:
        out.print(f"{name:<34} {text}".rstrip(), soft_wrap=True)


def _caption(name: str) -> str:
    try:
        return profile.outline(name).caption
    except ConfigurationError as error:  # the others are listed all the same
        return f"cannot be used: {error.message}"
