"""A storage account of Azure's, by its address: its tables lie in a container that is there."""

from __future__ import annotations

from typing import Any

from lakebook.errors import ServiceError
from lakebook.stack import azure
from lakebook.stack.service import Endpoint, Service, Site
from lakebook.timeouts import TIMEOUTS


def _version(site: Site) -> str | None:
    """Return that it states none, once it has shown the container; None while it does not answer.

    Raises ServiceError where it refuses.
    """
    from azure.core.exceptions import HttpResponseError, ServiceRequestError  # noqa: PLC0415 - slow to import
    from azure.storage.blob import ContainerClient  # noqa: PLC0415

    container, key = str(site.settings["container"]), str(site.settings["account_key"])
    waits: dict[str, Any] = {
        "connection_timeout": TIMEOUTS.service_probe,
        "read_timeout": TIMEOUTS.service_probe,
        "retry_total": 0,
    }
    try:
        ContainerClient(site.url, container, credential=key, **waits).get_container_properties()
    except ServiceRequestError:
        return None
    except HttpResponseError as error:
        raise ServiceError(
            f"the storage account refuses the container {container}",
            expected="a container that is there, and the account's own key",
            got=f"{error.status_code} {error.error_code if hasattr(error, 'error_code') else error.reason}",
            where=site.url,
            todo="make the container, or mend its name or the key in the profile's variables",
        ) from None
    return "unstated"


def _publish(site: Site) -> Endpoint:
    account, key, container, sas = (str(site.settings[name]) for name in ("account", "account_key", "container", "sas"))
    return azure.endpoint(site.url, account, key, container, sas=sas, emulator=False)


SERVICE = Service(
    kind="azure",
    sentence="a storage account of Azure's by its address; tables lie there, and signatures for it are vended",
    needs=(),
    launch=None,
    version=_version,
    publish=_publish,
    keeps="abfss",
    settings={"account": "", "account_key": "", "container": "", "sas": "directory"},
    lacks={**azure.LACKS, "duckdb": "DuckDB is not given its extension for Azure here"},
)
