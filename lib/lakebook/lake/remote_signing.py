"""A client of the store without any key: each of its requests is signed by the catalog, for one table, or is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from lakebook import s3, web
from lakebook.checks import credentials
from lakebook.errors import ServiceError
from lakebook.lake.access import Attempt
from lakebook.lake.reach import S3Reach
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lakebook.lake.catalog import Catalog, Grant
    from lakebook.lake.http import Answer
    from lakebook.lake.session import Lake

_REFUSED = (400, 401, 403, 404)


class Signing:
    """The signing that a catalog offers to a principal for one table. `held` names the keys that it sent nevertheless.

    Source: Iceberg REST specification, signRequest: RemoteSignRequest and RemoteSignResult.
    """

    def __init__(self, lake: Lake, table: tuple[str, str], *, grant: Grant = "write") -> None:
        """Ask for it. Raises ServiceError where the catalog's answer does not say where requests are signed."""
        self._catalog: Catalog = lake.catalog
        self._grant: Grant = grant
        path = f"/v1/{lake.catalog.prefix}/namespaces/{table[0]}/tables/{table[1]}"
        answer = lake.catalog.ask("GET", path, grant=grant, delegation="remote-signing").require(200)
        self.held = [one for one in credentials.named(answer.body) if not one.endswith(": token")]  # the catalog's own
        self._path = _endpoint(answer)
        self._region = lake.source.region
        self._own = lake.storage
        self.url = str(lake.storage.meta.endpoint_url)

    def reach(self) -> S3Reach:
        """Return the store as one reaches it who has no key: what the catalog does not sign, cannot be sent."""
        client = s3.keyless(self.url, self._region)
        client.meta.events.register_last("before-sign.s3", self._before_send)
        return S3Reach(client, self._own)

    def ask(self, method: str, uri: str, headers: Mapping[str, Iterable[str]], body: str = "") -> Answer:
        """Return what the catalog says to a request that is to be signed."""
        told = {name: [*values] for name, values in headers.items()}
        asked = {"region": self._region, "method": method, "uri": uri, "headers": told}
        return self._catalog.ask("POST", self._path, grant=self._grant, json=asked | ({"body": body} if body else {}))

    def attempt(self, who: str, method: str, addresses: Iterable[str]) -> list[Attempt]:
        """Ask for requests to be signed that no client would send: to any address, as it stands; tell the answers."""
        return [
            Attempt(who, f"sign {method}", uri, _outcome(answer), str(answer.status))
            for uri in addresses
            for answer in [self.ask(method, uri, {})]
        ]

    def diverted(self, who: str, signed_for: str, sent_to: str) -> Attempt:
        """Have a read of one object signed, send it to that or another one, and tell what the store answered."""
        uri, other = (self.address(one) for one in (signed_for, sent_to))
        answer = self.ask("GET", uri, {}).require(200)
        headers = {name: ", ".join(values) for name, values in answer.headers.items()}
        status = web.get(other, headers=headers, timeout=TIMEOUTS.s3).status_code
        return Attempt(who, "divert", sent_to, "allowed" if status < 300 else "refused", str(status))

    def address(self, location: str) -> str:
        """Return where the store has an object: the address of s3://bucket/key over HTTP."""
        return f"{self.url.rstrip('/')}/{'/'.join(s3.split(location))}"

    def _before_send(self, request: Any, operation_name: str, **_: object) -> None:
        body = request.body.decode() if isinstance(request.body, bytes) and request.method == "POST" else ""
        sent = {name: [str(value)] for name, value in request.headers.items()}
        answer = self.ask(request.method, request.url, sent, body)
        if answer.status != 200:
            told = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": answer.status}}
            raise ClientError(told, operation_name)
        for name, values in answer.headers.items():
            del request.headers[name]
            request.headers[name] = ", ".join(values)
        request.url = answer.uri


def strange(signing: Signing, inside: str, outside: str) -> list[str]:
    """Return addresses outside, each written in a way that looks like one inside, or hides where it goes."""
    folder, (bucket, key) = signing.address(inside).rpartition("/")[0], s3.split(outside)
    return [
        signing.address(outside),
        f"{folder}/../../{'/'.join(key.split('/')[-2:])}",
        f"{folder}/%2e%2e/%2e%2e/{'/'.join(key.split('/')[-2:])}",
        f"{folder}%2f..%2f..%2f{'%2f'.join(key.split('/')[-2:])}",
        f"{signing.url}//{bucket}/{key}",
        f"{signing.url}/{bucket}/%2f{key}",
        f"{signing.url}/{bucket}?list-type=2&prefix=",
        f"{signing.url}/another-bucket/{s3.split(inside)[1]}",
        f"http://elsewhere.invalid/{bucket}/{s3.split(inside)[1]}",
    ]


def _endpoint(answer: Answer) -> str:
    for name in ("signer.endpoint", "s3.signer.endpoint"):
        if place := answer.config.get(name):
            return place if "://" in place else f"/{place.lstrip('/')}"
    raise ServiceError(
        "the catalog offers no signing",
        expected="signer.endpoint or s3.signer.endpoint in config",
        got=", ".join(answer.config) or "an answer without config",
        where=answer.request,
        todo="look at the catalog's delegation, or take the capability remote_signing out of its service",
    )


def _outcome(answer: Answer) -> Any:
    return "allowed" if answer.status < 300 else "refused" if answer.status in _REFUSED else "undecided"
