"""Deciders about the rows of a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook.checks.plain import shown
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakebook.lake.table import Comparison


def same(comparison: Comparison) -> Decision:
    """Hold where the table has exactly the expected rows: the same multiset, value by value."""
    c = comparison
    where = f"{c.table}, snapshot {c.snapshot_id}, read by {c.reader}"
    expected = {"rows": c.expected_rows, "missing": 0, "unexpected": 0}
    if c.refusal:
        return Decision(False, expected, {"the reader": c.refusal}, where, "what keeps this reader from reading?")
    if c.missing_columns:
        got: dict[str, object] = {"rows": c.got_rows, "columns the table lacks": list(c.missing_columns)}
        return Decision(False, expected, got, where, "compare the table's schema with the files'")
    if c.other_types:
        got = {"rows": c.got_rows, "columns of another type": list(c.other_types)}
        return Decision(False, expected, got, where, "a value of another type is another value")
    alike = c.got_rows == c.expected_rows and not c.missing and not c.unexpected
    got = {"rows": c.got_rows, "missing": shown(c.missing) or 0, "unexpected": shown(c.unexpected) or 0}
    return Decision(alike, expected, got, where, "look for these rows in the source's files and in the run's errors")


def none_lost(comparison: Comparison) -> Decision:
    """Hold where the table has exactly the expected rows, of which its writer was told that they are there."""
    decided = same(comparison)
    got = {"lost" if name == "missing" else name: value for name, value in decided.got.items()}
    expected = {"rows": comparison.expected_rows, "lost": 0, "unexpected": 0}
    return replace(decided, expected=expected, got=got, todo="who loads new rows must leave the old ones alone")


def unique(comparison: Comparison, *, key: str = "id") -> Decision:
    """Hold where no value of the key occurs twice, and there are any."""
    c = comparison
    return Decision(
        0 < c.unique_keys == c.got_rows,
        {"rows": c.got_rows, f"different {key}": c.got_rows},
        {"rows": c.got_rows, f"different {key}": c.unique_keys},
        f"{c.table}, snapshot {c.snapshot_id}, read by {c.reader}",
        "a file was loaded twice: compare the files of the runs",
    )


def all_null(values: Mapping[str, int | None], *, rows: int) -> Decision:
    """Hold where the `rows` rows from before are there, and each column is, without a value in any of them.

    `values` counts the values of each column, None for one that is not there, and under "*" the rows; whether one is
    there twice is not asked here.
    """
    found = {f"values of {column}": count for column, count in values.items() if column != "*"}
    return Decision(
        0 < rows <= (values["*"] or 0) and all(count == 0 for count in found.values()),
        {"rows from before": f"{rows} or more", **dict.fromkeys(found, 0)},
        {"rows from before": values["*"], **found},
        todo="rows that were loaded before must not be rewritten with values",
    )
