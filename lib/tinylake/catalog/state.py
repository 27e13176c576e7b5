"""What one catalog process works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinylake.catalog.access_tokens import Issuer
from tinylake.catalog.database import Database
from tinylake.catalog.signing import Signer
from tinylake.catalog.store import Store
from tinylake.catalog.tickets import Tickets
from tinylake.catalog.vending import Vendor

if TYPE_CHECKING:
    from tinylake.catalog.settings import Settings


@dataclass(frozen=True, slots=True)
class Catalog:
    """The database of pointers, the store of files, and what vends credentials, issues tokens and signs."""

    settings: Settings
    database: Database
    store: Store
    vendor: Vendor
    issuer: Issuer
    signer: Signer
    tickets: Tickets

    def warm(self) -> None:
        """Makes the clients of the store beforehand, which takes half a second, while the service answers already."""
        self.store.connect()
        self.vendor.connect()


def opened(settings: Settings) -> Catalog:
    """Opens the database; the store is reached at first use."""
    database = Database(settings.database)
    key, vendor = database.signing_key(), Vendor(settings)
    issuer = Issuer(key, settings.clients, settings.token_seconds)
    tickets = Tickets(key, settings.credential_seconds)
    return Catalog(settings, database, Store(settings), vendor, issuer, Signer(settings, vendor), tickets)
