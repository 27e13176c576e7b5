"""What a scenario leaves behind for others to read: answers over the wire, a service's log, its own report so far."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook import project
from lakebook.lake import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from lakebook.stack.state import ServiceState

_CHECKS = ".checks.jsonl"


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer as it came: `text` is its status, headers and body. Never shown: it may hold what it should not."""

    request: str
    text: str = field(repr=False)


def heard_by(client: httpx.Client) -> list[Heard]:
    """Return a list to which from now on every answer that a client gets is appended."""
    heard: list[Heard] = []

    def hear(answer: httpx.Response) -> None:
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items())
        text = f"{answer.status_code}\n{headers}\n{answer.read().decode(errors='replace')}"
        heard.append(Heard(f"{answer.request.method} {answer.request.url.path}", text))

    hooks = client.event_hooks
    client.event_hooks = {**hooks, "response": [*hooks["response"], hear]}
    return heard


def answers(heard: Sequence[Heard]) -> dict[str, str]:
    """Return what was heard, by its place: the number and the request of each answer."""
    return {f"answer {number}: {one.request}": one.text for number, one in enumerate(heard, start=1)}


def log(service: ServiceState) -> dict[str, str]:
    """Return the log of a service, by its place; nothing where the service runs elsewhere and writes none here."""
    if not service.log:
        return {}
    return {f"log of {service.kind}": (project.root() / service.log).read_text(errors="replace")}


def report() -> dict[str, str]:
    """Return what this scenario has written of itself so far, by its place: the executed notebook and its checks.

    Nothing where the notebook is executed by neither `lakebook run` nor pytest: then it writes nothing of its own.
    """
    if record.VARIABLE not in os.environ:
        return {}
    checks = Path(os.environ[record.VARIABLE])
    files = [checks, checks.with_name(checks.name.removesuffix(_CHECKS) + ".ipynb")]
    return {f"report: {file.name}": file.read_text(errors="replace") if file.exists() else "" for file in files}
