"""What one catalog process works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinylake.catalog.access_tokens import Issuer
from tinylake.catalog.database import Database
from tinylake.catalog.store import Store
from tinylake.catalog.vending import Vendor

if TYPE_CHECKING:
    from tinylake.catalog.settings import Settings


@dataclass(frozen=True, slots=True)
class Catalog:
    """The database of pointers, the store of files, and what vends credentials and issues tokens."""

    settings: Settings
    database: Database
    store: Store
    vendor: Vendor
    issuer: Issuer

    def warm(self) -> None:
        """Makes the clients of the store beforehand, which takes half a second, while the service answers already."""
        self.store.connect()
        self.vendor.connect()


def opened(settings: Settings) -> Catalog:
    """Opens the database; the store is reached at first use."""
    database = Database(settings.database)
    issuer = Issuer(database.signing_key(), settings.clients, settings.token_seconds)
    return Catalog(settings, database, Store(settings), Vendor(settings), issuer)
