"""How a service starts that is a Python module, and one that the profile names: it may be the user's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook import project
from lakebook.environment import PYTHON_PATH, python_path
from lakebook.stack.service import Launch, Site

if TYPE_CHECKING:
    from collections.abc import Mapping


def launch(site: Site, *arguments: str, environment: Mapping[str, str]) -> Launch:
    """Return how to start the module of a site's settings.

    It runs in the folder of its service.
    """
    return Launch((sys.executable, "-m", site.settings["module"], *arguments), {**environment, **found()})


def found() -> dict[str, str]:
    """Return the environment in which a module is found in the current folder, and at the workbook's root."""
    return {PYTHON_PATH: python_path(Path.cwd(), project.root())}
