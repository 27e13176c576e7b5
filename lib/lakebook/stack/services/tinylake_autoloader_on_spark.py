"""tinylake's ingestion service, which has the profile's engine load the files: any that speaks Spark Connect."""

from __future__ import annotations

from lakebook.stack.service import Endpoint, Service, Site
from lakebook.stack.services.tinylake_autoloader import CATALOG, launch, version


def _publish(site: Site) -> Endpoint:
    return Endpoint(site.url, {"catalog": CATALOG, "cluster_id": "spark"})


SERVICE = Service(
    kind="tinylake_autoloader_on_spark",
    sentence="a small ingestion service: it decides what is loaded, and Spark reads the files and writes the rows",
    needs=("storage", "catalog"),
    wants=("engine", "database", "warehouse"),
    launch=launch,
    version=version,
    publish=_publish,
    settings={"module": "tinylake.autoloader"},
)
