"""What a commit requires of the table that it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyiceberg.exceptions import CommitFailedException
from pyiceberg.table.update import AssertCreate, TableRequirement

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyiceberg.table.metadata import TableMetadata


def creates(requirements: Sequence[TableRequirement]) -> bool:
    """Whether the commit is to make the table."""
    return any(isinstance(requirement, AssertCreate) for requirement in requirements)


def check(base: TableMetadata | None, requirements: Sequence[TableRequirement]) -> None:
    """409 with the reason when one does not hold; `base` is None where there is no table yet."""
    for requirement in requirements:
        try:
            requirement.validate(base)
        except CommitFailedException as error:
            raise errors.commit_failed(str(error)) from error
