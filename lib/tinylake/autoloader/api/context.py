"""What the routes share: the service, the worker, and the ingestion that an address names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, HTTPException, Request

from tinylake.autoloader.api.errors import unknown
from tinylake.autoloader.execute import Service  # noqa: TC001 - FastAPI looks at it
from tinylake.autoloader.store import ingestions, runs
from tinylake.autoloader.store.ingestions import Ingestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tinylake.autoloader.worker import Worker


@dataclass(frozen=True, slots=True)
class Context:
    service: Service
    worker: Worker

    @property
    def engine(self) -> Engine:
        return self.service.engine


def context_of(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


InContext = Annotated[Context, Depends(context_of)]


def ingestion_of(ingestion_id: str, context: InContext) -> Ingestion:
    found = ingestions.find(context.engine, ingestion_id)
    if found is None:
        raise unknown("ingestion", ingestion_id)
    return found


Named = Annotated[Ingestion, Depends(ingestion_of)]


def exclusively(context: Context, ingestion: Ingestion, work: str) -> Iterator[None]:
    """While the block runs no run starts; 409 that names the run, if there is one already."""
    waiting = runs.waiting(context.engine, ingestion.id)
    if waiting or not ingestions.claim(context.engine, ingestion.id, work):
        now = ingestions.find(context.engine, ingestion.id)
        busy = (now.busy_with if now else None) or (waiting[0].id if waiting else "another operation")
        raise HTTPException(
            409, f"ingestion '{ingestion.id}' is busy with {busy}; {work} is possible when it has ended"
        )
    try:
        yield
    finally:
        ingestions.release(context.engine, ingestion.id, work)
        context.worker.wake(ingestion.id)
