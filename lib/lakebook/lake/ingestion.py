"""The client of an ingestion service: its HTTP API, nothing else. Source: the ingestion API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Barrier
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from lakebook import poll
from lakebook.errors import ServiceError
from lakebook.lake import traces
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from lakebook.faults import Hold
    from lakebook.lake.http import Answer, Http
    from lakebook.lake.source import Source
    from lakebook.lake.table import Table

_API = "/api/v1/ingestions"
_CREATED = 201
_ACCEPTED = 202
_BUSY = 409


class Metrics(BaseModel):
    """What a run says it did; bytes and seconds as named."""

    model_config = ConfigDict(extra="allow")
    files_processed: int
    records_ingested: int
    bytes_read: int
    bytes_written: int
    duration_seconds: float | None
    error_count: int


class Run(BaseModel):
    """One run of an ingestion, as the service tells it."""

    model_config = ConfigDict(extra="allow")
    id: str
    ingestion_id: str
    status: str
    trigger: str
    started_at: str | None
    ended_at: str | None
    metrics: Metrics
    errors: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class IngestionState:
    """What a refresh could touch. Two equal states mean that nothing moved."""

    table_uuid: str | None
    snapshot_id: int | None
    rows: int
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ingestion:
    """One ingestion of the service, made by this scenario."""

    id: str
    sent: Mapping[str, Any] = field(repr=False)
    created: Answer
    http: Http = field(repr=False)
    table: Table = field(repr=False)

    def get(self) -> Answer:
        """Return the service's description of this ingestion."""
        return self.http.ask("GET", f"{_API}/{self.id}")

    def trigger(self) -> Answer:
        """Ask for a run, and return at once with the answer."""
        return self.http.ask("POST", f"{_API}/{self.id}/run")

    def run(self) -> Run:
        """Trigger a run and return it once it has ended, however. Raises where it is refused or does not end."""
        return self.ended(self.trigger().require(_ACCEPTED).run_id)

    def run_twice(self, held: Hold, *, patience_seconds: float) -> list[Run]:
        """Trigger a run, and another one while the first is held at a proxy; return both once they have ended.

        The first is let go on when the other has ended, or after `patience_seconds`: the other may wait for it.
        Raises where one of them is refused or does not end, and DeadlineError where the first is never held.
        """
        first = self.trigger().require(_ACCEPTED)
        held.arrived()
        second = self.trigger().require(_ACCEPTED)
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(self.ended, second.run_id)
            wait([other], timeout=patience_seconds)
            held.release()
        return [self.ended(first.run_id), other.result()]

    def retry(self, run_id: str) -> Run:
        """Retry what failed in a run, and return the new run once it has ended. Raises where it is refused."""
        return self.ended(self.http.ask("POST", f"{_API}/{self.id}/runs/{run_id}/retry").require(_ACCEPTED).run_id)

    def poll(self, run_id: str) -> Run:
        """Return a run as it stands."""
        return _run(self.http.ask("GET", f"{_API}/{self.id}/runs/{run_id}").require(200).body)

    def ended(self, run_id: str) -> Run:
        """Return a run once it is no longer running. Raises DeadlineError, with the last state seen."""
        return poll.until(
            lambda: self.poll(run_id),
            what=f"run {run_id} to end",
            deadline_seconds=TIMEOUTS.ingestion_run,
            done=lambda run: run.status != "running",
            longest_pause_seconds=TIMEOUTS.poll_interval,
        )

    def runs(self) -> list[Run]:
        """Return the run history as the service lists it: newest first."""
        return [_run(entry) for entry in self.http.ask("GET", f"{_API}/{self.id}/runs/").require(200).body]

    def schema_versions(self) -> list[dict[str, Any]]:
        """Return the versions of the table's schema as the service lists them: in the order in which it lists them."""
        listed: list[dict[str, Any]] = self.http.ask("GET", f"{_API}/{self.id}/schema-versions").require(200).body
        return listed

    def schema_version(self, number: int) -> Any:
        """Return one version of the table's schema as the service tells it."""
        return self.http.ask("GET", f"{_API}/{self.id}/schema-versions/{number}").require(200).body

    def refresh(
        self, mode: str, *, confirm: bool | None = True, dry_run: bool = False, auto_run: bool = True
    ) -> Answer:
        """Ask for a refresh, "full" or "new-only"; `confirm=None` leaves the confirmation out. Return the answer."""
        body = {"dry_run": dry_run, "auto_run": auto_run} | ({} if confirm is None else {"confirm": confirm})
        return self.http.ask("POST", f"{_API}/{self.id}/refresh/{mode}", json=body)

    def state(self) -> IngestionState:
        """Return what a refresh could touch: the table, its snapshot, its rows, the runs."""
        uuid = self.table.uuid() if self.table.exists() else None
        return IngestionState(
            uuid,
            self.table.snapshot_id() if uuid else None,
            self.table.count() if uuid else 0,
            tuple(run.id for run in self.runs()),
        )

    def remove(self) -> None:
        """Delete this ingestion; its table stays."""
        _delete(self.http, self.id)


def _run(body: Any) -> Run:
    try:
        return Run.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        raise ServiceError(
            "the ingestion service described a run in a way that the API does not know",
            expected="id, status, trigger, times, metrics, errors",
            got=f"{'.'.join(map(str, first['loc']))}: {first['msg']}",
            todo="compare with the ingestion API's description",
        ) from None


@dataclass(frozen=True, slots=True)
class Ingestions:
    """The service, as a scenario uses it: it makes ingestions, and remembers them to remove them."""

    http: Http = field(repr=False)
    catalog: str
    cluster_id: str
    namespace: str
    table: Callable[[str], Table] = field(repr=False)
    made: list[Ingestion] = field(default_factory=list)

    def request(self, source: Source, table: str, **options: Any) -> dict[str, Any]:
        """Return the body of a request to create an ingestion from the source into a table of the namespace.

        `options` are further fields of the request, such as on_schema_change="fail".
        """
        return {
            "name": f"{self.namespace}.{table}",
            "cluster_id": self.cluster_id,
            "source": source.description(),
            "format": {"type": "json", "schema": {"inference": "auto", "evolution_enabled": True}},
            "destination": {
                "catalog": self.catalog,
                "database": self.namespace,
                "table": table,
                "write_mode": "append",
            },
            **options,
        }

    def create(self, source: Source, table: str, **options: Any) -> Ingestion:
        """Create an ingestion as `request` describes it. Raises where it is refused."""
        body = self.request(source, table, **options)
        return self._remember(body, self.http.ask("POST", f"{_API}/", json=body).require(_CREATED))

    def ask(self, method: str, path: str = "/", **options: Any) -> Answer:
        """Return the raw answer to a request below the ingestions' address, whatever it is.

        An ingestion that is created so, against all expectation, is removed with the others.
        """
        answer = self.http.ask(method, f"{_API}{path}", **options)
        if (method, path, answer.status) == ("POST", "/", _CREATED):
            self._remember(options["json"], answer)
        return answer

    def _remember(self, body: Mapping[str, Any], answer: Answer) -> Ingestion:
        source = body.get("source") or {}
        open_ = {name: value for name, value in source.items() if name != "credentials"}
        table = (body.get("destination") or {}).get("table") or ""
        ingestion = Ingestion(answer.id, {**body, "source": open_}, answer, self.http, self.table(table))
        self.made.append(ingestion)
        return ingestion

    def test(self, source: Source, table: str) -> Answer:
        """Ask what a source holds, seen against a table: schema, sample rows, number of files and records."""
        return self.ask("POST", "/test", json=self.request(source, table))

    def estimate_cost(self, source: Source, table: str, *, frequency: str | None) -> Answer:
        """Ask what loading a source would cost: a run, and a month of runs at a frequency; None is one run."""
        body = self.request(source, table, schedule={"frequency": frequency})
        return self.ask("POST", "/estimate-cost", json=body)

    def run_at_once(self, ingestions: Sequence[Ingestion]) -> list[Run]:
        """Trigger a run of each ingestion at the same moment; return the runs once all have ended, in that order.

        An ingestion may be named more than once. Raises ServiceError where a run is not accepted.
        """
        gate = Barrier(len(ingestions))
        with ThreadPoolExecutor(len(ingestions)) as pool:
            accepted = list(pool.map(lambda one: _triggered(one, gate), ingestions))
        return [one.ended(answer.require(_ACCEPTED).run_id) for one, answer in zip(ingestions, accepted, strict=True)]

    def shown(self, runs: Sequence[Run]) -> pd.DataFrame:
        """Return runs side by side, to look at: when each began, in UTC, how long it took, what it says it did."""
        import pandas as pd  # noqa: PLC0415 - slow to import

        return pd.DataFrame(
            {
                "run": run.id,
                "trigger": run.trigger,
                "status": run.status,
                "began": (run.started_at or "")[11:23],
                "seconds": run.metrics.duration_seconds,
                "files": run.metrics.files_processed,
                "records": run.metrics.records_ingested,
                "errors": "; ".join(str(error.get("message")) for error in run.errors),
            }
            for run in runs
        )

    def listen(self) -> list[traces.Heard]:
        """Return a list to which from now on every answer of the service is appended, as it came over the wire."""
        return traces.heard_by(self.http.client)

    def named(self, prefix: str) -> list[str]:
        """Return the ids of the ingestions whose name starts so."""
        listed = self.http.ask("GET", f"{_API}/").require(200).body
        return [entry["id"] for entry in listed if str(entry["name"]).startswith(prefix)]

    def remove(self, identifier: str) -> None:
        """Delete an ingestion by id."""
        _delete(self.http, identifier)


def _delete(http: Http, identifier: str) -> None:
    """Delete an ingestion; one that is busy still, with what a run left in the dark, is waited for."""
    poll.until(
        lambda: http.ask("DELETE", f"{_API}/{identifier}"),
        what=f"ingestion {identifier} to be idle",
        deadline_seconds=TIMEOUTS.ingestion_run,
        done=lambda answer: answer.status != _BUSY,
    ).require(204, 404)


def _triggered(ingestion: Ingestion, gate: Barrier) -> Answer:
    gate.wait(TIMEOUTS.http)
    return ingestion.trigger()
