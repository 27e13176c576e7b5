"""What a storage account of Azure's gives to others, whether it is Azure's own or an emulator's."""

from __future__ import annotations

from urllib.parse import urlsplit

from lakebook.stack import warehouse
from lakebook.stack.service import Endpoint

# What no account has: from the whole profile these are taken.
LACKS = {
    "remote_signing": "requests to Azure are not signed one by one",
    "assumes_roles": "Azure has no sessions of a role: a signature is not a way to get another one",
}


def endpoint(url: str, account: str, key: str, container: str, *, sas: str, emulator: bool) -> Endpoint:
    """Return how an account is reached, and how a catalog signs on it: `sas` is directory or container.

    An emulator has the account in the path of its address, Azure in the host.
    """
    address = urlsplit(url)
    reached = {"py-io-impl": "lakebook.lake.cloud_io.AzureFileIO", "adls.account-name": account}
    if emulator:
        reached |= {f"adls.{kind}-storage-authority": address.netloc for kind in ("blob", "dfs")}
        reached |= {f"adls.{kind}-storage-scheme": address.scheme for kind in ("blob", "dfs")}
    return Endpoint(
        url,
        {
            warehouse.LOCATION: f"abfss://{container}@{account}.dfs.core.windows.net/warehouse",
            "sas": sas,
            "emulator": url if emulator else "",
            **{f"{warehouse.PROPERTY}{name}": value for name, value in reached.items()},
        },
        {f"{warehouse.PROPERTY}adls.account-key": key},
    )
