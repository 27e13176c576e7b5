"""The engines that an ingestion can name as `cluster_id`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from tinylake.autoloader.failures import ErrorType, Failure

if TYPE_CHECKING:
    from tinylake.autoloader.loaders import Loader
    from tinylake.autoloader.settings import Settings


@dataclass(frozen=True, slots=True)
class Cluster:
    """One engine, and the loader module that drives it."""

    id: str
    name: str
    engine: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


LOCAL = Cluster("local", "inside the service", "arrow")
SPARK = Cluster("spark", "a Spark Connect server", "spark")


def known(settings: Settings) -> list[Cluster]:
    """The clusters of a service: itself, and Spark where it was given the address of one."""
    return [LOCAL, *([SPARK] if settings.spark_url else [])]


def loader_of(cluster_id: str, settings: Settings) -> Loader:
    """The loader of a cluster; Failure names an unknown one, and those that are known."""
    cluster = next((item for item in known(settings) if item.id == cluster_id), None)
    if cluster is None:
        names = ", ".join(item.id for item in known(settings))
        raise Failure(ErrorType.UNKNOWN_CLUSTER, f"cluster_id '{cluster_id}' is unknown; known: {names}")
    loader: Loader = import_module(f"tinylake.autoloader.loaders.{cluster.engine}").load
    return loader
