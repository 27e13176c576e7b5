"""Sail: a Spark Connect server in a wheel."""

from __future__ import annotations

import sys

from lakebook import login
from lakebook.errors import ConfigurationError
from lakebook.stack import spark_connect
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site

_CATALOG = "lake"


def _launch(site: Site) -> Launch:
    storage, catalog = site.others["storage"], site.others["catalog"]
    entry = {
        "name": _CATALOG,
        "type": "iceberg-rest",
        "uri": catalog.url,
        "warehouse": catalog.values["warehouse"],
        **({"prefix": prefix} if (prefix := catalog.values.get("untold_prefix")) else {}),
        **({"bearer_access_token": token} if (token := _token(catalog)) else {}),
    }
    written = ", ".join(f'{key}="{value}"' for key, value in entry.items())
    return Launch(
        (sys.executable, "-m", "pysail", "spark", "server", "--ip", LOOPBACK, "--port", str(site.port)),
        {
            "SAIL_CATALOG__LIST": f"[{{{written}}}]",
            "AWS_ENDPOINT": storage.url,
            "AWS_ENDPOINT_URL": storage.url,
            "AWS_ACCESS_KEY_ID": storage.secrets["engine_key"],
            "AWS_SECRET_ACCESS_KEY": storage.secrets["engine_secret"],
            "AWS_REGION": storage.values["region"],
            "AWS_ALLOW_HTTP": "true",
            "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": str(storage.values.get("addressing") == "virtual").lower(),
        },
    )


def _token(catalog: Endpoint) -> str:
    """Return the token that Sail sends; of a catalog that gives tokens to clients, one that is got now."""
    known = login.of(catalog.values, catalog.secrets, "engine")
    if isinstance(known, login.SigV4):
        raise ConfigurationError(
            "Sail cannot log in to this catalog",
            expected="a catalog that asks for nothing, a token, or OAuth2 client credentials",
            got="one that takes signed requests",
            todo="name another engine in the profile, such as spark_connect",
        )
    return known.bearer()


def _version(site: Site) -> str | None:
    return spark_connect.engine_version(site.url)


def _publish(site: Site) -> Endpoint:
    return Endpoint(spark_connect.address(site.url), {"catalog": _CATALOG})


SERVICE = Service(
    kind="sail",
    sentence="a Spark Connect server in a wheel; it reads with a key of its own, for it takes no vended credentials",
    needs=("storage", "catalog"),
    launch=_launch,
    version=_version,
    publish=_publish,
    reaches=frozenset({"s3", "file"}),
)
