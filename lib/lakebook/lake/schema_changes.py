"""Changes of a table's schema as clients try them: through PyIceberg, by several at once, and over raw HTTP."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import TYPE_CHECKING, Any, Literal

from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    import pyarrow as pa
    from pyiceberg.table import Table as Handle
    from pyiceberg.table.metadata import TableMetadata

    from lakebook.lake.http import Answer
    from lakebook.lake.table import Table

Outcome = Literal["done", "conflict", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to change a table, and what came of it.

    `outcome`: "conflict" is the catalog's 409, because another commit was first; "refused" is a no for good, by the
    client or by the catalog; "failed" is any other answer. `said` is the reason. `began` and `ended` are in seconds.
    """

    client: int
    change: str
    outcome: Outcome
    said: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Appended:
    """What came of an append, and the rows that the table must have because of it: none, unless it was done."""

    outcome: Outcome
    said: str
    rows: pa.Table = field(repr=False)


def attempt(table: Table, operation: str, *arguments: Any) -> Attempt:
    """Try one change of the schema by a new client: an operation of PyIceberg's UpdateSchema, by its name."""
    return _attempt(_loaded(table), 0, operation, *arguments)


def add_text(table: Table, column: str) -> Attempt:
    """Try to add a text column, by a new client."""
    from pyiceberg.types import StringType  # noqa: PLC0415 - slow to import

    return attempt(table, "add_column", column, StringType())


def add_at_once(table: Table, columns: Sequence[str]) -> list[Attempt]:
    """Add text columns at the same moment, each by a client that loaded the table before any of them committed.

    One that lost its race loads the table again, and tries again. Return every attempt, in the order of their ends.
    """
    gate = Barrier(len(columns))
    with ThreadPoolExecutor(len(columns)) as pool:
        tried = pool.map(lambda one: _add(table, one[0], one[1], gate), enumerate(columns, 1))
    return sorted((one for attempts in tried for one in attempts), key=lambda one: one.ended)


def append(handle: Handle, rows: pa.Table) -> Appended:
    """Append rows through a handle that may be older than the table."""
    outcome, said = _outcome(lambda: handle.append(rows))
    return Appended(outcome, said, rows if outcome == "done" else rows.slice(0, 0))


def with_appended(rows: pa.Table, appended: Sequence[Appended]) -> pa.Table:
    """Return the rows that a table must have which had `rows` before; a column that some of them lack is NULL there."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    return pa.concat_tables([rows, *(one.rows for one in appended)], promote_options="permissive")


def shown(attempts: Sequence[Attempt]) -> pd.DataFrame:
    """Return attempts side by side, to look at; their times count from the first one's begin."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    start = min(one.began for one in attempts)
    return pd.DataFrame(
        {
            "client": one.client,
            "change": one.change,
            "began": round(one.began - start, 3),
            "ended": round(one.ended - start, 3),
            "outcome": one.outcome,
            "said": one.said,
        }
        for one in attempts
    )


def ask_for_column(table: Table, column: str, *, on: TableMetadata) -> Answer:
    """Return the catalog's raw answer to a commit that adds a text column to the schema which `on` has as its current.

    It asserts that this schema still is the current one. Source: Iceberg REST specification, updateTable.
    """
    current = on.schema().model_dump(mode="json", by_alias=True)
    new = {"id": on.last_column_id + 1, "name": column, "type": "string", "required": False}
    number = max(one.schema_id for one in on.schemas) + 1
    schema = {**current, "schema-id": number, "fields": [*current["fields"], new]}
    return table.catalog.ask(
        "POST",
        f"/v1/{table.catalog.prefix}/namespaces/{table.namespace}/tables/{table.name}",
        json={
            "identifier": {"namespace": [table.namespace], "name": table.name},
            "requirements": [
                {"type": "assert-table-uuid", "uuid": str(on.table_uuid)},
                {"type": "assert-current-schema-id", "current-schema-id": on.current_schema_id},
            ],
            "updates": [
                {"action": "add-schema", "schema": schema, "last-column-id": new["id"]},
                {"action": "set-current-schema", "schema-id": -1},
            ],
        },
    )


def _add(table: Table, client: int, column: str, gate: Barrier) -> list[Attempt]:
    from pyiceberg.types import StringType  # noqa: PLC0415 - slow to import

    handle = _loaded(table)
    gate.wait(TIMEOUTS.http)
    attempts = [_attempt(handle, client, "add_column", column, StringType())]
    while attempts[-1].outcome == "conflict" and len(attempts) < gate.parties:  # each conflict: another one is done
        handle.refresh()
        attempts.append(_attempt(handle, client, "add_column", column, StringType()))
    return attempts


def _attempt(handle: Handle, client: int, operation: str, *arguments: Any) -> Attempt:
    def change() -> None:
        with handle.update_schema() as update:
            getattr(update, operation)(*arguments)

    began = time.monotonic()
    outcome, said = _outcome(change)
    what = f"{operation}({', '.join(map(str, arguments))})"
    return Attempt(client, what, outcome, said, round(began, 3), round(time.monotonic(), 3))


def _outcome(change: Callable[[], object]) -> tuple[Outcome, str]:
    from pyiceberg.exceptions import (  # noqa: PLC0415 - slow to import
        BadRequestError,
        CommitFailedException,
        RESTError,
        ValidationError,
        ValidationException,
    )

    try:
        change()
    except CommitFailedException as error:
        return "conflict", str(error)
    except (BadRequestError, ValidationError, ValidationException, ValueError) as error:
        return "refused", f"{type(error).__name__}: {error}"
    except RESTError as error:
        return "failed", f"{type(error).__name__}: {error}"
    return "done", ""


def _loaded(table: Table) -> Handle:
    handle: Handle = table.catalog.client().load_table(table.identifier)
    return handle
