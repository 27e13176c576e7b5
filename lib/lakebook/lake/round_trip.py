"""The round trip of a client: everything that an application does with a table, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from pyiceberg.catalog.rest import RestCatalog


def round_trip(client: RestCatalog, namespace: str, rows: pa.Table) -> list[tuple[str, str]]:
    """Create a namespace and a table, append, read back, add a column, drop; return (step, outcome) for each.

    An outcome is "done", or what went wrong; the steps behind it are then "not reached".
    """
    identifier = (namespace, "round_trip")
    steps: dict[str, Callable[[], object]] = {
        "create the namespace": lambda: client.create_namespace_if_not_exists(namespace),
        "create the table": lambda: client.create_table(identifier, rows.schema),
        "append": lambda: client.load_table(identifier).append(rows),
        "read back": lambda: _require_same(client.load_table(identifier).scan().to_arrow(), rows),
        "add a column": lambda: _add_column(client, identifier),
        "read with the new column": lambda: _require_column(client, identifier),
        "drop the table": lambda: client.drop_table(identifier),
        "find it gone": lambda: _require_gone(client, identifier),
        "drop the namespace": lambda: client.drop_namespace(namespace),
    }
    outcomes: list[tuple[str, str]] = []
    for step, act in steps.items():
        reached = all(outcome == "done" for _, outcome in outcomes)
        outcomes.append((step, _outcome(act) if reached else "not reached"))
    return outcomes


def _outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever a client runs into is the evidence
        return f"{type(error).__name__}: {error}"[:400]
    return "done"


def _require_same(got: pa.Table, rows: pa.Table) -> None:
    if sorted(map(repr, got.to_pylist())) != sorted(map(repr, rows.to_pylist())):
        raise ValueError(f"read {got.num_rows} rows that are not the {rows.num_rows} appended ones")


def _add_column(client: RestCatalog, identifier: tuple[str, str]) -> None:
    from pyiceberg.types import StringType  # noqa: PLC0415 - slow to import

    with client.load_table(identifier).update_schema() as update:
        update.add_column("note", StringType())


def _require_column(client: RestCatalog, identifier: tuple[str, str]) -> None:
    names = client.load_table(identifier).scan().to_arrow().column_names
    if "note" not in names:
        raise ValueError(f"the new column is not there: {names}")


def _require_gone(client: RestCatalog, identifier: tuple[str, str]) -> None:
    if client.table_exists(identifier):
        raise ValueError("the table still exists after it was dropped")
