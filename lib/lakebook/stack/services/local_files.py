"""Local files: tables in a folder of this machine, which every client here opens as it likes; there are no keys."""

from __future__ import annotations

from importlib import metadata

from lakebook.stack import warehouse
from lakebook.stack.service import Endpoint, Service, Site

_KEYLESS = "files of this machine are opened by whoever may, without a key: there is nothing to vend"


def _version(_site: Site) -> str:
    return metadata.version("pyarrow")  # which reads and writes them


def _publish(site: Site) -> Endpoint:
    return Endpoint("", {warehouse.LOCATION: f"file://{site.folder}/warehouse", "vending": "none"})


SERVICE = Service(
    kind="local_files",
    sentence="tables in a folder of this machine, which ends with the stack; no keys, so nothing is vended or refused",
    needs=(),
    launch=None,
    version=_version,
    publish=_publish,
    keeps="file",
    library=True,
    lacks=dict.fromkeys(("vends", "sts", "remote_signing", "refresh_credentials"), _KEYLESS),
)
