"""How one logs in to a catalog, as a value: with nothing, a token, OAuth2 client credentials, or AWS signatures.

Each kind says itself what every client of ours must be told: PyIceberg, Spark, Sail, Trino, DuckDB, and raw requests.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from lakebook import s3, secret, web
from lakebook.errors import ConfigurationError, ServiceError
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

KINDS = ("none", "bearer", "oauth2", "sigv4")
_TOKEN_KEPT_SECONDS = 60  # a token lasts for minutes at least, and is asked for again every minute
_SECRETS = ("_token", "_credential", "_key")  # what the names of a catalog's secrets end in, one for each principal


class Login(Protocol):
    """One principal's way into a catalog."""

    def bearer(self) -> str:
        """Return the token that is sent, got for this where need be; empty where none is."""

    def auth(self) -> httpx.Auth | None:
        """Return what lets a raw request in."""

    def pyiceberg(self) -> dict[str, Any]:
        """Return the properties of a PyIceberg client."""

    def spark(self) -> dict[str, str]:
        """Return the properties of a catalog of Spark's, by their names behind `spark.sql.catalog.NAME.`."""

    def trino(self) -> dict[str, str]:
        """Return the properties of a catalog of Trino's."""

    def duckdb(self) -> tuple[str, str]:
        """Return a statement that comes before ATTACH, or nothing, and the options of ATTACH."""


@dataclass(frozen=True, slots=True)
class NoLogin:
    """Nothing is asked for."""

    def bearer(self) -> str:
        return ""

    def auth(self) -> httpx.Auth | None:
        return None

    def pyiceberg(self) -> dict[str, Any]:
        return {"auth": {"type": "noop"}}  # else it sends `Bearer None`

    def spark(self) -> dict[str, str]:
        return {"rest.auth.type": "none"}

    def trino(self) -> dict[str, str]:
        return {"iceberg.rest-catalog.security": "NONE"}

    def duckdb(self) -> tuple[str, str]:
        return "", "AUTHORIZATION_TYPE 'none'"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that was given."""

    token: str = field(repr=False)

    def bearer(self) -> str:
        return self.token

    def auth(self) -> httpx.Auth | None:
        return _Header(f"Bearer {self.token}")

    def pyiceberg(self) -> dict[str, Any]:
        return {"token": self.token}

    def spark(self) -> dict[str, str]:
        return {"token": self.token}

    def trino(self) -> dict[str, str]:
        return {"iceberg.rest-catalog.security": "OAUTH2", "iceberg.rest-catalog.oauth2.token": self.token}

    def duckdb(self) -> tuple[str, str]:
        return "", f"TOKEN {_quoted(self.token)}"


@dataclass(frozen=True, slots=True)
class OAuth2:
    """A client's id and secret, for which the token endpoint at `uri` gives tokens. Source: RFC 6749, section 4.4."""

    uri: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str

    def bearer(self) -> str:
        return _token(self, int(time.monotonic() // _TOKEN_KEPT_SECONDS))

    def auth(self) -> httpx.Auth | None:
        return _Header(f"Bearer {self.bearer()}")

    def pyiceberg(self) -> dict[str, Any]:
        return {
            "credential": f"{self.client_id}:{self.client_secret}",
            "oauth2-server-uri": self.uri,
            "scope": self.scope,
        }

    def spark(self) -> dict[str, str]:
        return {"rest.auth.type": "oauth2", **self.pyiceberg()}

    def trino(self) -> dict[str, str]:
        own = "iceberg.rest-catalog.oauth2"
        return {
            "iceberg.rest-catalog.security": "OAUTH2",
            f"{own}.credential": f"{self.client_id}:{self.client_secret}",
            f"{own}.server-uri": self.uri,
            f"{own}.scope": self.scope,
        }

    def duckdb(self) -> tuple[str, str]:
        given = {
            "CLIENT_ID": self.client_id,
            "CLIENT_SECRET": self.client_secret,
            "OAUTH2_SERVER_URI": self.uri,
            "OAUTH2_SCOPE": self.scope,
        }
        return "", ", ".join(f"{name} {_quoted(value)}" for name, value in given.items())


@dataclass(frozen=True, slots=True)
class SigV4:
    """A key that signs each request, for a `service` in a `region`. Source: AWS Signature Version 4."""

    keys: s3.Keys = field(repr=False)
    region: str
    service: str

    def bearer(self) -> str:
        return ""

    def auth(self) -> httpx.Auth | None:
        return _Signature(self)

    def pyiceberg(self) -> dict[str, Any]:
        signing = {"rest.sigv4-enabled": "true", "rest.signing-region": self.region, "rest.signing-name": self.service}
        own = {
            "client.access-key-id": self.keys.key_id,
            "client.secret-access-key": self.keys.secret,
            "client.session-token": self.keys.session_token,
        }
        no_token = {"auth": {"type": "noop"}}
        return {**no_token, **signing, **{name: value for name, value in own.items() if value}}

    def spark(self) -> dict[str, str]:
        own = {
            "rest.access-key-id": self.keys.key_id,
            "rest.secret-access-key": self.keys.secret,
            "rest.session-token": self.keys.session_token or "",
        }
        signing = {"rest.signing-region": self.region, "rest.signing-name": self.service}
        return {"rest.auth.type": "sigv4", **signing, **{name: value for name, value in own.items() if value}}

    def trino(self) -> dict[str, str]:
        raise ConfigurationError(
            "Trino cannot log in to this catalog",
            expected="a catalog that asks for nothing, a token, or OAuth2 client credentials",
            got="one that takes signed requests: Trino signs them with the storage's key alone",
            todo="name another engine in the profile, such as spark",
        )

    def duckdb(self) -> tuple[str, str]:
        given = {"KEY_ID": self.keys.key_id, "SECRET": self.keys.secret, "REGION": self.region}
        own = given | ({"SESSION_TOKEN": self.keys.session_token} if self.keys.session_token else {})
        written = ", ".join(f"{name} {_quoted(value)}" for name, value in own.items())
        create = f"CREATE SECRET catalog_login (TYPE s3, {written})"
        return create, "AUTHORIZATION_TYPE 'sigv4', SECRET 'catalog_login'"


def of(values: Mapping[str, str], secrets: Mapping[str, str], who: str) -> Login:
    """Return the login of a principal of a catalog, by what the catalog publishes; the writer's, where it has no own.

    `login`, where it is there, is the kind; without it a token is used, or nothing where there is none. Who has a token
    of its own asks for no other.
    """

    def found(suffix: str) -> str:
        return secrets.get(f"{who}{suffix}") or secrets.get(f"writer{suffix}", "")

    match values.get("login") or ("bearer" if found("_token") else "none"):
        case "none":
            return NoLogin()
        case "bearer":
            return Bearer(found("_token"))
        case "oauth2" if token := secrets.get(f"{who}_token"):
            return Bearer(token)
        case "oauth2":
            client_id, _, client_secret = found("_credential").partition(":")
            secret.remember([client_secret])  # it is known as a part of the credential alone
            return OAuth2(values["login_uri"], client_id, client_secret, values["login_scope"])
        case "sigv4":
            keys = s3.Keys(found("_key"), found("_secret"), found("_session_token") or None)
            return SigV4(keys, values["login_region"], values["login_service"])
        case other:
            raise ConfigurationError("there is no such login", expected=" or ".join(KINDS), got=other)


def principals(values: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, Login]:
    """Return the logins of all principals that a catalog publishes, by name."""
    names = {
        name.removesuffix(end) for name in secrets for end in _SECRETS if name.endswith(end) and "_session" not in name
    }
    return {name: of(values, secrets, name) for name in sorted(names)}


class _Header(httpx.Auth):
    def __init__(self, authorization: str) -> None:
        self._authorization = authorization

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._authorization
        yield request


class _Signature(httpx.Auth):
    requires_request_body = True

    def __init__(self, login: SigV4) -> None:
        self._login = login

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        from botocore.auth import SigV4Auth  # noqa: PLC0415 - slow to import
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415
        from botocore.credentials import Credentials  # noqa: PLC0415

        keys = self._login.keys
        signed = AWSRequest(request.method, str(request.url), {"Host": request.headers["Host"]}, request.content)
        credentials = Credentials(keys.key_id, keys.secret, keys.session_token)
        SigV4Auth(credentials, self._login.service, self._login.region).add_auth(signed)
        request.headers.update(dict(signed.headers))
        yield request


@lru_cache(maxsize=64)
def _token(login: OAuth2, _minute: int) -> str:
    """Return a token. Raises ServiceError, with what was answered, where there is none."""
    form = {
        "grant_type": "client_credentials",
        "client_id": login.client_id,
        "client_secret": login.client_secret,
        "scope": login.scope,
    }
    try:
        answer = web.post(login.uri, data=form, timeout=TIMEOUTS.http)
        token = str(answer.json()["access_token"])
    except httpx.TransportError as error:
        raise _refused(login, f"{type(error).__name__}: {error}") from None
    except (ValueError, KeyError, TypeError):
        raise _refused(login, f"{answer.status_code} {answer.text:.300}") from None
    secret.remember([token])
    return token


def _refused(login: OAuth2, got: str) -> ServiceError:
    return ServiceError(
        "there is no token for the catalog",
        expected=f"an access_token for the client {login.client_id}, scope {login.scope}",
        got=secret.redact(got),
        where=login.uri,
        todo="look at the id, the secret, the scope and the address of the token endpoint in the profile",
    )


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
