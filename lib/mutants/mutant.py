"""What a mutant is, and how it runs."""

from __future__ import annotations

import importlib
import runpy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted defect of one service.

    `role` and `service` say what it stands in for: a profile's role, and the module that starts the real one.
    `target` is the function that is replaced, as module:attribute; `replacement` makes the new one out of the old one.
    `finds` are the requirements that must turn red, and no others, wherever a scenario decides one of them.
    """

    name: str
    sentence: str
    role: str
    service: str
    target: str
    replacement: Callable[[Callable[..., Any]], Callable[..., Any]]
    finds: tuple[str, ...]

    @property
    def settings(self) -> dict[str, str]:
        """What a profile's role is given so that the defect stands in the service's place."""
        return {"module": f"mutants.{self.name}"}

    def plant(self) -> None:
        """Replace the function, in this process."""
        module, _, path = self.target.partition(":")
        *outer, attribute = path.split(".")
        holder: Any = importlib.import_module(module)
        for name in outer:
            holder = getattr(holder, name)
        setattr(holder, attribute, self.replacement(getattr(holder, attribute)))

    def serve(self) -> None:
        """Plant the defect, then run the service as if it had been started itself."""
        self.plant()
        runpy.run_module(self.service, run_name="__main__", alter_sys=True)
