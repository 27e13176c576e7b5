"""PyIceberg's FileIO for Azure: it reads locations as Azure's own documentation writes them.

PyIceberg 0.12 takes `container@account.dfs.core.windows.net` for the name of the container (apache/iceberg-python#2698,
mended after that release). It is named to PyIceberg in the property `py-io-impl`.
"""

from __future__ import annotations

from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.typedef import EMPTY_DICT, Properties


class AzureFileIO(PyArrowFileIO):
    """PyArrow's, whose paths begin with the container alone; the account is told by `adls.account-name`."""

    @staticmethod
    def parse_location(location: str, properties: Properties = EMPTY_DICT) -> tuple[str, str, str]:
        """Return scheme, authority and path of abfss://container@account.dfs.core.windows.net/path."""
        scheme, authority, path = PyArrowFileIO.parse_location(location, properties)
        container, at, _ = authority.partition("@")
        return scheme, authority, f"{container}{path.removeprefix(authority)}" if at else path
