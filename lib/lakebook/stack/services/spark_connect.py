"""Any Spark Connect server, by its address: a cluster of one's own, or a service."""

from __future__ import annotations

from lakebook.stack import spark_catalog, spark_connect
from lakebook.stack.service import Endpoint, Service, Site


def _version(site: Site) -> str | None:
    stated = spark_connect.engine_version(site.url, str(site.settings["token"]))
    return stated.split()[0] if stated else None


def _publish(site: Site) -> Endpoint:
    """Return the server, and what its sessions must be told where it does not know the profile's catalog itself."""
    name = str(site.settings["catalog"])
    address = spark_connect.address(site.url)
    login = {"token": token} if (token := str(site.settings["token"])) else {}
    if name:
        return Endpoint(address, {"catalog": name}, login)
    values, secrets = spark_catalog.told(site.others["catalog"], site.others["storage"])
    return Endpoint(address, {"catalog": spark_catalog.NAME, **values}, {**secrets, **login})


SERVICE = Service(
    kind="spark_connect",
    sentence="a Spark Connect server by its address, which knows the catalog by name, or is told in each session",
    needs=("storage", "catalog"),
    launch=None,
    version=_version,
    publish=_publish,
    settings={"catalog": "", "can": "", "cannot": "", "token": ""},
)
