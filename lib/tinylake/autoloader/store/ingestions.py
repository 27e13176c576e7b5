"""Ingestions as rows: what was asked, the secrets beside it, and what each is busy with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import and_, delete, insert, select, update

from tinylake.autoloader.clock import now
from tinylake.autoloader.store.database import ingestions, planned_files, processed_files, runs, schema_versions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row

IDLE = None


@dataclass(frozen=True, slots=True)
class Ingestion:
    """One ingestion. `definition` is the create request without secrets, which are in `credentials`."""

    id: str
    tenant_id: str
    name: str
    status: str
    definition: dict[str, Any]
    credentials: dict[str, Any]
    created_at: str
    updated_at: str
    created_by: str
    busy_with: str | None = IDLE

    @property
    def destination(self) -> tuple[str, str, str]:
        """Catalog, namespace, table."""
        place = self.definition["destination"]
        return place["catalog"], place["database"], place["table"]


def create(engine: Engine, name: str, definition: dict[str, Any], credentials: dict[str, Any]) -> Ingestion:
    moment = now()
    made = Ingestion(
        f"ing-{uuid4().hex}", "default", name, "draft", definition, credentials, moment, moment, "api", IDLE
    )
    with engine.begin() as connection:
        connection.execute(insert(ingestions).values({name: getattr(made, name) for name in Ingestion.__slots__}))
    return made


def find(engine: Engine, ingestion_id: str) -> Ingestion | None:
    with engine.connect() as connection:
        row = connection.execute(select(ingestions).where(ingestions.c.id == ingestion_id)).one_or_none()
    return _ingestion(row) if row else None


def every(engine: Engine) -> list[Ingestion]:
    """All ingestions, oldest first."""
    with engine.connect() as connection:
        return [_ingestion(row) for row in connection.execute(select(ingestions).order_by(ingestions.c.created_at))]


def change(engine: Engine, ingestion: Ingestion, **values: Any) -> Ingestion:
    """The ingestion with other values in some of its columns, `updated_at` included."""
    values = {**values, "updated_at": now()}
    with engine.begin() as connection:
        connection.execute(update(ingestions).where(ingestions.c.id == ingestion.id).values(**values))
    return replace(ingestion, **values)


def remove(engine: Engine, ingestion_id: str) -> None:
    of_its_runs = select(runs.c.id).where(runs.c.ingestion_id == ingestion_id)
    with engine.begin() as connection:
        connection.execute(delete(planned_files).where(planned_files.c.run_id.in_(of_its_runs)))
        for table in (processed_files, schema_versions, runs):
            connection.execute(delete(table).where(table.c.ingestion_id == ingestion_id))
        connection.execute(delete(ingestions).where(ingestions.c.id == ingestion_id))


def claim(engine: Engine, ingestion_id: str, work: str) -> bool:
    """Whether the ingestion was idle, and is now busy with `work`: one run or one refresh at a time."""
    idle = and_(ingestions.c.id == ingestion_id, ingestions.c.busy_with.is_(None))
    with engine.begin() as connection:
        return connection.execute(update(ingestions).where(idle).values(busy_with=work)).rowcount == 1


def hold(connection: Connection, ingestion_id: str) -> None:
    """Others that record something about this ingestion wait until the transaction ends; it begins with this write."""
    same = ingestions.c.busy_with
    connection.execute(update(ingestions).where(ingestions.c.id == ingestion_id).values(busy_with=same))


def release(engine: Engine, ingestion_id: str, work: str) -> None:
    mine = and_(ingestions.c.id == ingestion_id, ingestions.c.busy_with == work)
    with engine.begin() as connection:
        connection.execute(update(ingestions).where(mine).values(busy_with=IDLE))


def release_all(engine: Engine) -> None:
    """On start: whatever an earlier process was busy with, it is not any more."""
    with engine.begin() as connection:
        connection.execute(update(ingestions).values(busy_with=IDLE))


def _ingestion(row: Row[Any]) -> Ingestion:
    return Ingestion(**row._asdict())
