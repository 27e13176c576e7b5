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

    It runs in the folder of its service, and is found in the current one and at the workbook's root all the same.
    """
    found = {PYTHON_PATH: python_path(Path.cwd(), project.root())}
    return Launch((sys.executable, "-m", site.settings["module"], *arguments), {**environment, **found})
