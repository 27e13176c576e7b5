"""Any Iceberg REST catalog, by its address, with any of the logins."""

from __future__ import annotations

from typing import Any

import httpx

from lakebook import login, web
from lakebook.errors import ServiceError
from lakebook.stack import declaration
from lakebook.stack.service import EVERYWHERE, Endpoint, Service, Site
from lakebook.timeouts import TIMEOUTS

_LOGIN_REFUSED = frozenset({401, 403})  # by whatever stands before the catalog, too
_NEEDS = {
    "bearer": ("token",),
    "oauth2": ("client_id", "client_secret"),
    "sigv4": ("access_key_id", "secret_access_key"),
}
_EXPIRED = "expired"  # the principal that has a token, and nothing to get another with


def _version(site: Site) -> str | None:
    """Return the version that the profile states, or what the server calls itself: the specification has no request."""
    answer = _config(site)
    if answer is None:
        return None
    return str(site.settings["version"]) or answer.headers.get("server") or "unstated"


def _config(site: Site) -> httpx.Response | None:
    """Return the answer to getConfig; None while there is none. Raises ServiceError where it is a refusal."""
    values, secrets = _values(site), _secrets(site)
    warehouse = str(site.settings["warehouse"])
    try:
        answer = web.get(
            f"{site.url}/v1/config",
            params={"warehouse": warehouse} if warehouse else {},
            auth=login.of(values, secrets, "writer").auth(),
            timeout=TIMEOUTS.service_probe,
        )
    except httpx.TransportError:
        return None
    if answer.status_code >= 500:
        return None
    if not answer.is_success and (answer.status_code in _LOGIN_REFUSED or _is_error(answer)):
        raise ServiceError(
            "the catalog refuses its client",
            expected=f"its configuration for the warehouse {warehouse}",
            got=_shown(answer),
            where=f"{site.url}/v1/config",
            todo="look at catalog.login, its secrets, and catalog.warehouse in the profile",
        )
    if not answer.is_success or not isinstance(_content(answer), dict):
        raise ServiceError(
            "what answers there is no Iceberg REST catalog",
            expected="its configuration, as a JSON object with defaults and overrides",
            got=_shown(answer),
            where=f"{site.url}/v1/config",
            todo="mend catalog.address in the profile: it is what stands before /v1/config",
        )
    return answer


def _is_error(answer: httpx.Response) -> bool:
    """Tell whether an answer is an Iceberg error. Source: Iceberg REST specification, IcebergErrorResponse."""
    content = _content(answer)
    return isinstance(content, dict) and isinstance(content.get("error"), dict)


def _content(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _shown(answer: httpx.Response) -> str:
    """Return an answer in one line: it may be a page of HTML."""
    kind = answer.headers.get("content-type", "")
    return f"{answer.status_code} {kind}: {' '.join(answer.text.split()):.200}"


def _values(site: Site) -> dict[str, str]:
    settings = site.settings
    return {
        "login": str(settings["login"]),
        "login_uri": str(settings["oauth2_uri"]) or f"{site.url}/v1/oauth/tokens",
        "login_scope": str(settings["oauth2_scope"]),
        "login_region": str(settings["signing_region"]),
        "login_service": str(settings["signing_name"]),
    }


def _secrets(site: Site) -> dict[str, str]:
    """Return the secrets of each principal, under the names by which logins are found."""
    settings = site.settings
    if settings["login"] == "sigv4":
        return {"writer_key": str(settings["access_key_id"]), "writer_secret": str(settings["secret_access_key"])}
    if settings["login"] == "none":
        return {}
    end = "credential" if settings["login"] == "oauth2" else "token"
    own = f"{settings['client_id']}:{settings['client_secret']}" if end == "credential" else str(settings["token"])
    others = {
        f"{name}_{'token' if name == _EXPIRED else end}": str(value)
        for name, value in settings["principals"].items()
        if value
    }
    return {f"writer_{end}": own, **others}


def _publish(site: Site) -> Endpoint:
    prefix = str(site.settings["prefix"]) or _prefix(site)
    vends = "vends" in declaration.words(site.settings["can"])
    given = {
        "warehouse": str(site.settings["warehouse"]),
        "prefix": prefix,
        "untold_prefix": str(site.settings["prefix"]),
        "credentials": "vended" if vends else "own",
    }
    values = {**given, **_values(site)}
    return Endpoint(site.url, values, _secrets(site))


def _prefix(site: Site) -> str:
    """Return the prefix that the catalog asks its clients to use; empty where it asks for none.

    Source: Iceberg REST specification, CatalogConfig: overrides come before defaults.
    """
    answer = _config(site)
    config: dict[str, Any] = answer.json() if answer else {}
    return str({**config.get("defaults", {}), **config.get("overrides", {})}.get("prefix", ""))


SERVICE = Service(
    kind="rest_catalog",
    sentence="an Iceberg REST catalog by its address; what it can do is declared in the profile",
    needs=("storage",),
    launch=None,
    version=_version,
    publish=_publish,
    reaches=EVERYWHERE,
    requires=lambda settings: _NEEDS.get(str(settings["login"]), ()),
    choices={"login": login.KINDS},
    settings={
        "login": "none",
        "token": "",
        "client_id": "",
        "client_secret": "",
        "oauth2_uri": "",
        "oauth2_scope": "catalog",
        "access_key_id": "",
        "secret_access_key": "",
        "signing_region": "us-east-1",
        "signing_name": "execute-api",
        "warehouse": "",
        "prefix": "",
        "version": "",
        "principals": {},
        "can": "",
        "cannot": "",
    },
)
