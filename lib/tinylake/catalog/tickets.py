"""Tickets for staged tables, which are in no catalog yet: whoever asks tells where one will lie, and it was sealed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinylake.catalog import errors, pointers, sealed
from tinylake.catalog.pointers import Pointer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tinylake.catalog.names import TableName
    from tinylake.catalog.settings import Principal


@dataclass(frozen=True, slots=True)
class Tickets:
    """Gives tickets that last as long as credentials would, and takes them back."""

    key: str
    seconds: int

    def give(self, name: TableName, pointer: Pointer, principal: Principal) -> str:
        """A ticket for one staged table and one principal."""
        said = {"table": [*name.namespace, name.name], "principal": principal.principal, "uuid": pointer.uuid}
        return sealed.seal(self._key(), {**said, "location": pointer.location, "ends": int(time.time()) + self.seconds})

    def take(self, connection: sa.Connection, ticket: str, name: TableName, principal: Principal) -> Pointer:
        """The staged table's pointer; 403 for a ticket that is another's, is late, or whose place was taken since."""
        said = sealed.opened(self._key(), ticket)
        whose = ([*name.namespace, name.name], principal.principal)
        if said is None or (said["table"], said["principal"]) != whose or said["ends"] <= time.time():
            raise errors.forbidden(f"the ticket for staged table {name} is not valid, or not any more: stage it again")
        if pointers.overlapping(connection, said["location"]):
            raise errors.forbidden(f"the place of staged table {name} was taken by another: stage it again")
        return Pointer(said["uuid"], said["location"], "")

    def _key(self) -> bytes:
        return sealed.key_of(self.key, "staged")
