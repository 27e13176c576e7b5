"""What to run: scenarios by workflow, name or requirement, with parameters that they know."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import project, requirement
from lakebook.errors import ConfigurationError
from lakebook.run import scenario

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from lakebook.run.scenario import Scenario

QUICK = "quick"  # the size of `--quick`
_WHERE_NAMED = {"parameter": "each scenario's parameters stand in its first code cell"}


def select(
    workflows: Sequence[str] = (),
    scenarios: Sequence[str] = (),
    requirements: Sequence[str] = (),
) -> list[Scenario]:
    """Return the scenarios that match each kind of name that is given; all of them where none is.

    A scenario is named by its name or as workflow/name.
    Raises ConfigurationError for a name that does not exist, and where nothing is left.
    """
    every = scenario.every()
    there = {one.workflow for one in every}
    _require_known("workflow", workflows, there)
    _require_known("scenario", scenarios, {one.name for one in every} | {one.id for one in every}, others=there)
    for identifier in requirements:
        requirement.get(identifier)
    chosen = [
        one
        for one in every
        if (not workflows or one.workflow in workflows)
        and (not scenarios or one.name in scenarios or one.id in scenarios)
        and (not requirements or set(requirements) & set(one.requirements))
    ]
    undecided = [one for one in requirements if one not in scenario.decided()]
    if undecided and not chosen:
        raise ConfigurationError(
            f"no scenario decides {', '.join(undecided)} yet",
            expected="requirements that scenarios decide",
            got="; ".join(f"{one}: {requirement.get(one).says}" for one in undecided),
            todo="lakebook list requirements says which have a scenario",
        )
    if not chosen:
        raise ConfigurationError(
            "no scenario matches all of this",
            expected="at least one scenario",
            got=", ".join([*workflows, *scenarios, *requirements]) or "an empty notebooks folder",
            todo="lakebook list scenarios",
        )
    return chosen


def quick(chosen: Sequence[Scenario]) -> list[Scenario]:
    """Return those of the scenarios that are neither slow nor stress. Raises ConfigurationError where none is left."""
    left = [one for one in chosen if not one.marks]
    if not left:
        names = ", ".join(one.id for one in chosen)
        raise ConfigurationError(
            "--quick leaves no scenario", expected="one that is not slow or stress", got=names, todo="leave out --quick"
        )
    return left


def _require_known(
    kind: str, given: Sequence[str], known: Collection[str], where: str = "", others: Collection[str] = ()
) -> None:
    """Raise ConfigurationError for a name that is none: with the nearest, else with all; `others` are workflows."""
    for name in given:
        if name not in known:
            begun = [one for one in others if name.rstrip("s") and one.startswith(name.rstrip("s"))]
            near = begun or get_close_matches(name, [*known, *others], n=1)
            short = sorted(one for one in known if "/" not in one)
            raise ConfigurationError(
                f"there is no {kind} {name}",
                expected=f"a {kind} of this workbook" if near else " or ".join(short),
                got=name,
                where=where,
                todo=_meant(near[0], known) if near else _WHERE_NAMED.get(kind, f"lakebook list {kind}s"),
            )


def _meant(near: str, known: Collection[str]) -> str:
    return f"did you mean {near}?" if near in known else f"did you mean the workflow, -w {near}?"


def values(sizes: Sequence[str]) -> dict[str, Any]:
    """Return the parameters of several sizes; a later one changes those of an earlier one."""
    return {name: value for one in sizes for name, value in size(one).items()}


def size(name: str) -> dict[str, Any]:
    """Return the parameters of a size file: a name in parameters/sizes, or a path.

    Raises ConfigurationError for a file that is not there or broken, and for a name that no scenario has; only the size
    of `--quick` may say more than the notebooks of a workbook that keeps a few of ours.
    """
    folder = project.root() / "parameters" / "sizes"
    file = folder / f"{name}.yaml" if "/" not in name and not name.endswith((".yaml", ".yml")) else Path(name)
    if not file.exists():
        raise ConfigurationError(
            f"there is no size {name}",
            expected=" or ".join(sorted(path.stem for path in folder.glob("*.yaml"))) + ", or a YAML file",
            got=name,
            todo="give one of these, or the path of a YAML file",
        )
    content = project.read_yaml(file)
    if not isinstance(content, dict):
        raise ConfigurationError(
            f"{file.name} holds no parameters",
            expected="name: value",
            got=type(content).__name__,
            where=file.name,
            todo="write one parameter a line, such as files: 3",
        )
    known = _parameters(scenario.every())
    if name == QUICK:
        return {one: value for one, value in content.items() if one in known}
    _require_known("parameter", list(map(str, content)), known, project.shown(file))
    return content


def explicit(given: Mapping[str, Any], scenarios: Sequence[Scenario]) -> Mapping[str, Any]:
    """Return the given parameters. Raises ConfigurationError for one that no selected scenario has."""
    _require_known("parameter", list(given), _parameters(scenarios))
    return given


def _parameters(scenarios: Sequence[Scenario]) -> set[str]:
    return {name for one in scenarios for name in one.parameters} - {"profile"}
