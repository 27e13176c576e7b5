"""Any ingestion service that speaks the ingestion API, by its address."""

from __future__ import annotations

from lakebook.stack import health
from lakebook.stack.service import EVERYWHERE, Endpoint, Service, Site


def _version(site: Site) -> str | None:
    return health.version(f"{site.url}/health", token=str(site.settings["token"]), unstated="unstated")


def _publish(site: Site) -> Endpoint:
    token = str(site.settings["token"])
    values = {name: str(site.settings[name]) for name in ("catalog", "cluster_id")}
    return Endpoint(site.url, values, {"token": token} if token else {})


SERVICE = Service(
    kind="autoloader",
    sentence="an ingestion service that speaks the ingestion API, by its address",
    needs=("storage", "catalog"),
    launch=None,
    version=_version,
    publish=_publish,
    reaches=EVERYWHERE,
    settings={"catalog": "lake", "cluster_id": "local", "token": "", "can": "", "cannot": ""},
)
