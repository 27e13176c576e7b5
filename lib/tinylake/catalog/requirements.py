"""What a commit requires of the table that it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.table.update import AssertCreate, TableRequirement

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyiceberg.table.metadata import TableMetadata

# The words that Java's clients and Iceberg's compatibility tests know; PyIceberg's detail follows them.
WORDS = {
    "assert-table-uuid": "UUID does not match",
    "assert-current-schema-id": "current schema changed",
    "assert-last-assigned-field-id": "last assigned field id changed",
    "assert-last-assigned-partition-id": "last assigned partition id changed",
    "assert-default-spec-id": "default partition spec changed",
    "assert-default-sort-order-id": "default sort order changed",
}


def creates(requirements: Sequence[TableRequirement]) -> bool:
    """Whether the commit is to make the table."""
    return any(isinstance(requirement, AssertCreate) for requirement in requirements)


def check(base: TableMetadata | None, requirements: Sequence[TableRequirement]) -> None:
    """409 with the reason when one does not hold; `base` is None where there is no table yet."""
    for requirement in requirements:
        try:
            requirement.validate(base)
        except CommitFailedException as error:
            detail = str(error).removeprefix("Requirement failed: ")
            words = f"{WORDS[requirement.type]}: " if requirement.type in WORDS else ""
            raise errors.commit_failed(f"Requirement failed: {words}{detail}") from error
