"""PyIceberg's FileIO for two clouds, with what its release 0.12 lacks: named to it in the property `py-io-impl`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyiceberg.io import ADLS_ACCOUNT_KEY, ADLS_SAS_TOKEN, GCS_SERVICE_HOST, GCS_TOKEN, InputFile, OutputFile
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.typedef import EMPTY_DICT, Properties

from lakebook.lake.cloud_reach import blobs

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

_RETRIES_END = timedelta(seconds=10)
_NEVER = datetime(2100, 1, 1, tzinfo=UTC)  # it is the store that knows when a token is over


class AzureFileIO(PyArrowFileIO):
    """It reads locations as Azure's own documentation writes them; the account is told by `adls.account-name`.

    PyIceberg takes `container@account.dfs.core.windows.net` for the name of the container (apache/iceberg-python#2698).
    """

    @staticmethod
    def parse_location(location: str, properties: Properties = EMPTY_DICT) -> tuple[str, str, str]:
        """Return scheme, authority and path of abfss://container@account.dfs.core.windows.net/path."""
        scheme, authority, path = PyArrowFileIO.parse_location(location, properties)
        container, at, _ = authority.partition("@")
        return scheme, authority, f"{container}{path.removeprefix(authority)}" if at else path

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Delete a blob by Azure's own client; FileNotFoundError where there is none.

        PyArrow's leases it by an interface that Azurite lacks, and ends the process when it cannot give it back.
        """
        from azure.core.exceptions import ResourceNotFoundError  # noqa: PLC0415 - slow to import
        from azure.storage.blob import BlobClient  # noqa: PLC0415

        address = location if isinstance(location, str) else location.location
        container, _, name = self.parse_location(address)[2].partition("/")
        credential = self.properties.get(ADLS_ACCOUNT_KEY) or self.properties.get(ADLS_SAS_TOKEN)
        try:
            BlobClient(blobs(self.properties), container, name, credential=credential).delete_blob()
        except ResourceNotFoundError as error:
            raise FileNotFoundError(address) from error


class GcsEmulatorIO(PyArrowFileIO):
    """It asks an emulator of Google's, with the token that it has, and gives up: PyArrow goes on for 15 minutes.

    PyIceberg passes the end of a token only where it is told one, and PyArrow takes no token without.
    """

    def _initialize_gcs_fs(self) -> FileSystem:
        from pyarrow.fs import GcsFileSystem  # noqa: PLC0415 - not in every build of PyArrow

        address, token = urlsplit(self.properties[GCS_SERVICE_HOST]), self.properties.get(GCS_TOKEN)
        own = {"access_token": token, "credential_token_expiration": _NEVER} if token else {"anonymous": True}
        return GcsFileSystem(
            **own, scheme=address.scheme, endpoint_override=address.netloc, retry_time_limit=_RETRIES_END
        )
