"""Runs wait in the database, and a few threads execute them: one at a time per ingestion, in the order accepted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import TYPE_CHECKING

import structlog

from tinylake.autoloader import execute, reconcile
from tinylake.autoloader.failures import Failure
from tinylake.autoloader.store import ingestions, runs

if TYPE_CHECKING:
    from tinylake.autoloader.execute import Service
    from tinylake.autoloader.settings import Settings

log = structlog.get_logger(__name__)
SETTLE_EVERY_SECONDS = 2.0


class Worker:
    """The pool, and the thread that settles what an earlier process or an unclear commit left open."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pool = ThreadPoolExecutor(service.settings.workers, thread_name_prefix="run")
        self._stopping = Event()
        self._settler = Thread(target=self._settle, name="settle", daemon=True)

    def start(self) -> None:
        ingestions.release_all(self._service.engine)
        for ingestion_id in runs.ingestions_with_queued_runs(self._service.engine):
            self.wake(ingestion_id)
        self._settler.start()

    def stop(self) -> None:
        self._stopping.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def wake(self, ingestion_id: str) -> None:
        """See to it that the ingestion's queued runs are executed."""
        self._pool.submit(self._drain_logged, ingestion_id)

    def _drain_logged(self, ingestion_id: str) -> None:
        try:
            drain(self._service, ingestion_id, self._stopping)
        except Exception:
            log.exception("worker broke", ingestion=ingestion_id)

    def _settle(self) -> None:
        warm_up(self._service.settings)
        while True:
            try:
                settle_all(self._service, self)
            except Exception:
                log.exception("settling broke")
            if self._stopping.wait(SETTLE_EVERY_SECONDS):
                return


def drain(service: Service, ingestion_id: str, stopping: Event) -> None:
    """Execute queued runs until none is left, another worker has the ingestion, or the service is about to end."""
    while not stopping.is_set() and (waiting := runs.waiting(service.engine, ingestion_id)):
        run = waiting[0]
        if not ingestions.claim(service.engine, ingestion_id, run.id):
            return
        try:
            ingestion = ingestions.find(service.engine, ingestion_id)
            if ingestion and runs.begin(service.engine, run.id):
                execute.execute(service, ingestion, run)
        finally:
            ingestions.release(service.engine, ingestion_id, run.id)


def settle_all(service: Service, worker: Worker) -> None:
    """Reconcile every idle ingestion that has a run without an outcome; one that cannot be now is tried again later."""
    for ingestion_id in dict.fromkeys(run.ingestion_id for run in runs.unsettled(service.engine)):
        ingestion = ingestions.find(service.engine, ingestion_id)
        if ingestion is None or not ingestions.claim(service.engine, ingestion_id, "settle"):
            continue
        try:
            reconcile.settle(service, ingestion)
        except Failure as failure:
            log.warning("cannot settle yet", ingestion=ingestion_id, error=failure.message)
        finally:
            ingestions.release(service.engine, ingestion_id, "settle")
            worker.wake(ingestion_id)


def warm_up(settings: Settings) -> None:
    """Import what the first run needs, while the service already answers."""
    from tinylake.autoloader import clusters  # noqa: PLC0415

    for cluster in clusters.known(settings):
        clusters.loader_of(cluster.id, settings)
