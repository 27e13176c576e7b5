"""The application: routes, errors, and a worker that lives as long as it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import FastAPI

from tinylake.autoloader.api import errors
from tinylake.autoloader.api.context import Context
from tinylake.autoloader.api.routes import ingestions, preview, refresh, runs, service
from tinylake.autoloader.execute import Service
from tinylake.autoloader.secrecy import remember, secret_texts
from tinylake.autoloader.store import ingestions as stored
from tinylake.autoloader.store.database import open_database
from tinylake.autoloader.worker import Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tinylake.autoloader.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The service on a database, whose runs are executed while the application lives."""
    remember(settings.secrets)
    shared = Service(open_database(settings.database), settings)
    for ingestion in stored.every(shared.engine):
        remember(secret_texts(ingestion.credentials))
    worker = Worker(shared)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        worker.start()
        yield
        worker.stop()

    app = FastAPI(title="tinylake.autoloader", version=version("lakebook"), lifespan=lifespan)
    app.state.context = Context(shared, worker)
    for part in (service, preview, ingestions, runs, refresh):
        app.include_router(part.router)
    errors.install(app)
    return app
