"""Where an Azure storage account answers, and the client of the warehouse's container."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

    from tinylake.catalog.settings import Settings

CONNECT_SECONDS = 2
READ_SECONDS = 20
RETRIES = 2
RETRY_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Place:
    """What an abfss:// location names: `path` is in the container, and has no slash at its ends."""

    container: str
    host: str
    path: str

    @property
    def account(self) -> str:
        """The storage account: the first label of its host."""
        return self.host.partition(".")[0]


def place(location: str) -> Place:
    """The parts of abfss://container@account.dfs.core.windows.net/path."""
    authority, _, path = location.removeprefix("abfss://").partition("/")
    container, _, host = authority.partition("@")
    return Place(container, host, path.strip("/"))


def endpoint(settings: Settings) -> str:
    """The account's blob endpoint: an emulator's has the account in its path, Azure's own has it in its host."""
    there = place(settings.location)
    if settings.azure_endpoint:
        return f"{settings.azure_endpoint.rstrip('/')}/{there.account}"
    return f"https://{there.host.replace('.dfs.', '.blob.', 1)}"


def container(settings: Settings) -> ContainerClient:
    """A client of the warehouse's container with the account's key."""
    from azure.storage.blob import ContainerClient, LinearRetry  # noqa: PLC0415  (half a second; other stores need none)

    return ContainerClient(
        endpoint(settings),
        place(settings.location).container,
        credential=settings.azure_account_key.get_secret_value(),
        connection_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retry_policy=LinearRetry(backoff=RETRY_SECONDS, retry_total=RETRIES),
    )
