"""What earlier runs left behind, found by name, and removed."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import psutil

from lakebook import profile, project
from lakebook.errors import LakebookError, ServiceError
from lakebook.lake.session import NAME_PREFIX, Lake, session
from lakebook.stack import lease, stack
from lakebook.stack.state import abandoned, running

if TYPE_CHECKING:
    from lakebook.profile import Profile
    from lakebook.stack.state import StackState

_NAME = re.compile(rf"{NAME_PREFIX}\w+?_(?P<pid>\d+)_[0-9a-f]{{6}}")


def remove() -> list[str]:
    """Remove what scenarios that no longer run left in running stacks, and what stacks whose owner is gone left here.

    Returns the names of what was removed. Raises ServiceError where a stack runs, but does not answer.
    """
    removed = []
    for folder in abandoned():
        shutil.rmtree(folder, ignore_errors=True)
        removed.append(f"stack {folder.name}")
    for logs in sorted((project.state() / "logs").glob("*")):
        shutil.rmtree(logs, ignore_errors=True)
        removed.append(f"logs {logs.name}")
    for state in running():
        removed += [f"{state.profile}: {name}" for name in _of_stack(state)]
    return removed


def of_profile(found: Profile) -> list[str]:
    """Remove what scenarios that no longer run left in services of a profile that are used by address; return names.

    For that time its stack is started; where one of `lakebook up` runs, `remove` has done it.
    """
    if lease.shared(found):
        return []
    with stack.lent(found) as started:
        return [f"{found.name}: {name}" for name in _of_stack(started.state)]


def _of_stack(state: StackState) -> list[str]:
    try:
        return _of_ended_scenarios(session(profile.load(state.profile), state, NAME_PREFIX))
    except LakebookError:
        raise
    except Exception as error:  # of whichever client met it
        if not state.owner.alive() or not state.folder.exists():
            return []  # it ended meanwhile, and took everything with it
        raise ServiceError(
            f"what earlier runs left in the stack of {state.profile} cannot be removed",
            expected="its services to answer",
            got=f"{', '.join(state.dead()) or 'a service'}: {type(error).__name__}: {error}",
            where=project.shown(state.folder),
            todo=f"lakebook status; lakebook down --profile {state.profile}" if state.shared else "lakebook status",
        ) from error


def _of_ended_scenarios(lake: Lake) -> list[str]:
    names = {name[0] for name in lake.catalog.client().list_namespaces()} | set(_prefixes(lake))
    ended = sorted({match[0] for name in names if (match := _NAME.match(name)) and not _runs(match)})
    for name in ended:
        for identifier in lake.ingestion.named(name):
            lake.ingestion.remove(identifier)
        lake.remove_namespaces(name)
        lake.source.named(name).remove()
    return ended


def _prefixes(lake: Lake) -> list[str]:
    pages = lake.storage.get_paginator("list_objects_v2").paginate(Bucket=lake.source.bucket, Delimiter="/")
    return [entry["Prefix"].rstrip("/") for page in pages for entry in page.get("CommonPrefixes", [])]


def _runs(match: re.Match[str]) -> bool:
    return psutil.pid_exists(int(match["pid"]))
