"""A figure as a value: what is measured, against which limit, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured. `scenarios` are names, all that are neither slow nor stress where it is empty.

    What is `repeat`ed counts by its median, or by its best where a sentence says so.
    """

    profile: str = "embedded"
    scenarios: tuple[str, ...] = ()
    quick: bool = False
    rows: int = 1_000_000
    more_rows: int = 4_000_000
    rows_per_file: int = 100_000
    known_files: int = 10_000
    repeat: int = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of it, in the figure's unit, and the single observations, in words."""

    value: float
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `says` tells exactly what is compared; the value may be at most the limit, or `at_least` that."""

    name: str
    says: str
    unit: str
    limit: float
    measure: Callable[[Sizes], Measured]
    at_least: bool = False

    def holds(self, value: float, limit: float) -> bool:
        """Tell whether a value is within a limit."""
        return value >= limit if self.at_least else value <= limit
