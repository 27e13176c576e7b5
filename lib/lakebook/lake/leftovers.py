"""What earlier runs left behind, found by name, and removed."""

from __future__ import annotations

import re
import shutil

import psutil

from lakebook import profile
from lakebook.lake.session import NAME_PREFIX, Lake, remove_namespaces, session
from lakebook.stack.state import running, stacks_folder

_NAME = re.compile(rf"{NAME_PREFIX}\w+?_(?P<pid>\d+)_[0-9a-f]{{6}}")


def remove() -> list[str]:
    """Remove what scenarios that no longer run left in running stacks, and the folders of stacks whose owner is gone.

    Returns the names of what was removed.
    """
    removed = []
    living = running()
    for state in living:
        lake = session(profile.load(state.profile), state, NAME_PREFIX)
        removed += [f"{state.profile}: {name}" for name in _of_ended_scenarios(lake)]
    kept = {state.folder for state in living}
    for folder in sorted(stacks_folder().glob("*-*")):
        if folder not in kept and not _starting(folder):
            shutil.rmtree(folder)
            removed.append(f"stack {folder.name}")
    return removed


def _of_ended_scenarios(lake: Lake) -> list[str]:
    names = {name[0] for name in lake.catalog.client().list_namespaces()} | set(_prefixes(lake))
    ended = sorted({match[0] for name in names if (match := _NAME.match(name)) and not _runs(match)})
    for name in ended:
        for identifier in lake.ingestion.named(name):
            lake.ingestion.remove(identifier)
        remove_namespaces(lake.catalog, name)
        lake.source.named(name).remove()
    return ended


def _prefixes(lake: Lake) -> list[str]:
    pages = lake.storage.get_paginator("list_objects_v2").paginate(Bucket=lake.source.bucket, Delimiter="/")
    return [entry["Prefix"].rstrip("/") for page in pages for entry in page.get("CommonPrefixes", [])]


def _runs(match: re.Match[str]) -> bool:
    return psutil.pid_exists(int(match["pid"]))


def _starting(folder: object) -> bool:
    """Tell whether a stack without a state file yet is being started by a living process."""
    return any(str(folder) in " ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"]))
