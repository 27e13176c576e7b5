"""Several writers that go on while their catalog is killed and started again: what each was told of every commit."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from lakebook import poll
from lakebook.data import events
from lakebook.lake.table import Table
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyiceberg.table import Table as Handle

    from lakebook.faults import Fault
    from lakebook.faults.proxy import Proxy
    from lakebook.lake.another import Another
    from lakebook.lake.catalog import Catalog
    from lakebook.lake.session import Lake

Told = Literal["acknowledged", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Write:
    """One append, the ids of its rows, and what its writer was told.

    "acknowledged": it is in the table; "refused": 409, it is not; "unknown": anything else, and no answer.
    """

    writer: int
    ids: tuple[int, ...]
    told: Told
    said: str = ""


@dataclass(slots=True)
class Writers:
    """A table of another catalog, which several writers reach through a proxy, and what they did."""

    lake: Lake
    another: Another
    front: Proxy
    table: Table
    done: list[Write] = field(default_factory=list)

    def write(self, writers: int, *, commits: int, rows: int) -> list[Write]:
        """Let so many writers append so many times each, side by side; return what each was told, this time."""
        first = len(self.done)
        handles = [self._handle() for _ in range(writers)]
        with ThreadPoolExecutor(writers) as pool:
            told = pool.map(
                lambda one: [
                    self._append(one[1], one[0], first + one[0] * commits + number, rows) for number in range(commits)
                ],
                enumerate(handles),
            )
        made = [write for some in told for write in some]
        self.done += made
        return made

    def write_through_a_kill(
        self, proxy: Proxy, fault: Fault, writers: int, *, commits: int, rows: int
    ) -> Sequence[Write]:
        """Do the same while a fault kills the catalog, which is started again meanwhile; the writers go on then."""
        proxy.inject(fault)
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(self.write, writers, commits=commits, rows=rows)
            poll.until(
                lambda: self.another.running is None or writing.done(),
                what="the catalog to be killed",
                deadline_seconds=TIMEOUTS.ingestion_run,
            )
            self.another.restart()
            return writing.result()

    def _handle(self) -> Handle:
        client = self.table.catalog.client(vended=False, keys=self.lake.own_keys())
        handle: Handle = client.load_table(self.table.identifier)
        return handle

    def _append(self, handle: Handle, writer: int, number: int, rows: int) -> Write:
        batch = events(1, rows, first=number).rows
        poll.until(lambda: _answered(handle), what="the catalog to answer", deadline_seconds=TIMEOUTS.ingestion_run)
        return Write(writer, tuple(batch.column("id").to_pylist()), *_told(handle, batch))


def begin(lake: Lake, another: Another, name: str, front: Proxy) -> Writers:
    """Make a table in another catalog, which is reached through a proxy; return its writers, who have done nothing."""
    catalog: Catalog = replace(another.catalog, url=front.url)
    table = Table(lake.namespace, name, catalog, lake.engine)
    logging.getLogger("pyiceberg.table").setLevel(logging.ERROR)  # it writes a line for each race that it loses
    client = catalog.client(vended=False, keys=lake.own_keys())
    catalog.make_namespace(lake.namespace)
    client.create_table(table.identifier, events(1, 1).rows.schema)
    return Writers(lake, another, front, table)


def ids_in(lake: Lake, table: Table) -> list[int]:
    """Return the ids in a table of another catalog, as the engine reads them: it is registered in the profile's own.

    There are none where the other catalog knows no such table. Of one that registers none, PyIceberg reads it.
    """
    from pyiceberg.exceptions import RESTError  # noqa: PLC0415 - slow to import

    if not table.exists():
        return []
    try:
        lake.catalog.register(table)
    except RESTError:
        client = table.catalog.client(vended=False, keys=lake.own_keys())
        read = client.load_table(table.identifier).scan(selected_fields=("id",)).to_arrow()
    else:
        read = lake.table(table.name).query("SELECT id FROM {table}")
    found: list[int] = read.column("id").to_pylist()
    return found


def _told(handle: Handle, rows: Any) -> tuple[Told, str]:
    from pyiceberg.exceptions import CommitFailedException  # noqa: PLC0415 - slow to import

    try:
        handle.append(rows)
    except CommitFailedException as error:
        return "refused", str(error)
    except Exception as error:  # noqa: BLE001 - whatever a writer runs into while its catalog dies
        return "unknown", f"{type(error).__name__}: {error}"[:300]
    return "acknowledged", ""


def _answered(handle: Handle) -> bool:
    from pyiceberg.exceptions import NoSuchTableError  # noqa: PLC0415 - slow to import

    try:
        handle.refresh()
    except NoSuchTableError:
        return True
    except Exception:  # noqa: BLE001 - the catalog is being killed and started again
        return False
    return True
