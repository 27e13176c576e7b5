"""Takes the paths of this machine out of a text, so that a report reads the same anywhere."""

from __future__ import annotations

import re
import sys
import sysconfig
import tempfile
from pathlib import Path

from lakebook import project


def text(original: str, run: Path) -> str:
    """Return a text in which a path below the workbook starts at its root, and any other place of ours at `…`."""
    known = _places(run)
    longest_first = sorted(known, key=len, reverse=True)
    pattern = rf"(?<![\w.~-])({'|'.join(map(re.escape, longest_first))})(/|(?![\w.-]))"
    return re.sub(pattern, lambda found: _shown(known[found[1]], found[2]), original)


def _shown(name: str, slash: str) -> str:
    return f"{name}{slash}" if name else "" if slash else "."


def _places(run: Path) -> dict[str, str]:
    """Return every prefix to replace, with what stands for it; the root itself is nothing before a slash."""
    elsewhere = {
        Path.home(),
        Path(sys.prefix),
        Path(tempfile.gettempdir()),
        *(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")),
    }
    places = dict.fromkeys(elsewhere, "…") | {run: "", project.root(): ""}
    spelled = {form: name for path, name in places.items() for form in _forms(path)}
    return {form: name for form, name in spelled.items() if form not in ("/", "~")}


def _forms(path: Path) -> set[str]:
    """Return how a path may be written: as given, resolved, and as IPython shortens it below the home folder."""
    whole = {path.absolute(), path.resolve()}
    short = {f"~/{one.relative_to(Path.home())}" for one in whole if one.is_relative_to(Path.home())}
    return {str(one) for one in whole} | short - {"~/."}
