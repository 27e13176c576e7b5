"""The scenarios of the workbook: each notebook, read without running it."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import nbformat

from lakebook import project, requirement
from lakebook.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HIDING_TAGS = frozenset({"raises-exception", "skip-execution"})
MARKS = ("slow", "stress")
_QUOTED_ID = re.compile(r"""["']([A-Z]{2,4}-\d{2,3})["']""")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One notebook: its workflow, the requirements that its cells name, its parameters with their defaults.

    `hides` says in which way the notebook would let an error go unseen; such a one is refused. `marks` are of MARKS.
    """

    path: Path
    workflow: str
    name: str
    title: str
    requirements: tuple[str, ...]
    parameters: Mapping[str, Any]
    marks: frozenset[str]
    hides: str

    @property
    def id(self) -> str:
        """The name that commands take: workflow/scenario."""
        return f"{self.workflow}/{self.name}"


def read(path: Path) -> Scenario:
    """Return the scenario in a notebook file. Raises ConfigurationError where it is not a notebook."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise ConfigurationError(
            f"{path.name} is not a notebook",
            expected="nbformat 4",
            got=str(error)[:300],
            where=project.shown(path),
            todo="mend the notebook, or take it out of notebooks/",
        ) from None
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    names = dict.fromkeys(identifier for cell in code for identifier in named(cell.source))
    return Scenario(
        path,
        path.parent.name,
        path.stem,
        _title(notebook),
        tuple(identifier for identifier in names if requirement.get(identifier)),
        _parameters(code, path),
        frozenset(notebook.metadata.get("lakebook", {}).get("marks", ())),
        _hides(notebook),
    )


def named(source: str) -> list[str]:
    """Return the ids of requirements that a cell names."""
    return _QUOTED_ID.findall(source)


def _title(notebook: Any) -> str:
    first = notebook.cells[0].source.splitlines() if notebook.cells else []
    return str(first[0].removeprefix("# ")) if first else ""


def _parameters(code: list[Any], path: Path) -> dict[str, Any]:
    tagged = [cell.source for cell in code if "parameters" in cell.metadata.get("tags", ())]
    if len(tagged) != 1:
        raise ConfigurationError(
            f"{path.name} needs one cell with the tag parameters",
            expected="1",
            got=str(len(tagged)),
            where=project.shown(path),
            todo="tag the cell that holds the parameters, in JupyterLab's property inspector",
        )
    found: dict[str, Any] = {}
    try:
        for statement in ast.parse(tagged[0]).body:
            if isinstance(statement, ast.Assign):
                found |= _assigned(statement.targets[0], statement.value)
            elif isinstance(statement, ast.AnnAssign) and statement.value:
                found |= _assigned(statement.target, statement.value)
    except (SyntaxError, ValueError, TypeError) as error:
        raise ConfigurationError(
            f"the parameters of {path.name} cannot be read",
            expected="name = value, with plain values",
            got=str(error),
            where=project.shown(path),
            todo="mend the cell with the tag parameters",
        ) from None
    return found


def _assigned(target: ast.expr, assigned: ast.expr) -> dict[str, Any]:
    value = ast.literal_eval(assigned)
    if not isinstance(target, ast.Name):
        raise TypeError(f"{ast.unparse(target)} is not one name: papermill sees one parameter a line")
    return {target.id: value}


def _hides(notebook: Any) -> str:
    if json.dumps(notebook.metadata).find('"allow_errors": true') >= 0:
        return "its metadata says allow_errors"
    for number, cell in enumerate(notebook.cells, start=1):
        if tags := HIDING_TAGS.intersection(cell.metadata.get("tags", ())):
            return f"cell {number} has the tag {', '.join(sorted(tags))}"
    return ""


@cache
def every() -> tuple[Scenario, ...]:
    """Return all scenarios of the workbook, in order."""
    files = sorted((project.root() / "notebooks").glob("*/*.ipynb"))
    return tuple(read(path) for path in files)


@cache
def decided() -> frozenset[str]:
    """Return the ids of the requirements that some scenario decides."""
    return frozenset(identifier for one in every() for identifier in one.requirements)
