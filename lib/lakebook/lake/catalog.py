"""The profile's Iceberg REST catalog: PyIceberg clients of it, and its raw answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lakebook import s3, secret
from lakebook.checks.credentials import credential_fields, credential_values
from lakebook.lake.http import Answer, Http

if TYPE_CHECKING:
    from pyiceberg.catalog.rest import RestCatalog

Grant = Literal["write", "read"]
DELEGATION = "X-Iceberg-Access-Delegation"


@dataclass(frozen=True, slots=True)
class Vended:
    """Temporary credentials for one table, as the catalog's answer to loadTable gave them. Keys are never shown."""

    keys: s3.Keys = field(repr=False)
    prefix: str
    expires_at_ms: int | None
    answer_has: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """The catalog, with a token for each grant. `storage` are the S3 properties that a client without vending sets."""

    url: str
    warehouse: str
    prefix: str
    tokens: dict[Grant, str] = field(repr=False)
    storage: dict[str, str] = field(repr=False)

    def client(self, *, grant: Grant = "write", vended: bool = True, keys: s3.Keys | None = None) -> RestCatalog:
        """Return a PyIceberg client: with vended credentials, or (`vended=False`) with the client's own `keys`."""
        from pyiceberg.catalog.rest import RestCatalog  # noqa: PLC0415 - slow to import

        own = {"s3.access-key-id": keys.key_id, "s3.secret-access-key": keys.secret} if keys else {}
        return RestCatalog(
            "lake",
            uri=self.url,
            warehouse=self.warehouse,
            token=self.tokens[grant],
            **{f"header.{DELEGATION}": "vended-credentials" if vended else ""},
            **self.storage,
            **own,
        )

    def load(self, table: tuple[str, str], *, grant: Grant = "write", delegation: str | None = None) -> Answer:
        """Return the raw answer to loadTable, with the delegation header as given, or none.

        Secrets in it are known from now on. Source: Iceberg REST specification, loadTable.
        """
        headers = {"Authorization": f"Bearer {self.tokens[grant]}"} | ({DELEGATION: delegation} if delegation else {})
        http = Http.at("the catalog", self.url, headers)
        answer = http.ask("GET", f"/v1/{self.prefix}/namespaces/{table[0]}/tables/{table[1]}")
        secret.remember(credential_values(answer.body))
        return answer

    def vend(self, table: tuple[str, str], *, grant: Grant = "write") -> Vended:
        """Return the credentials that loadTable vends for a table. Raises where it answers without any."""
        answer = self.load(table, grant=grant, delegation="vended-credentials").require(200)
        entries = answer.body.get("storage-credentials") or []
        config = {**answer.body.get("config", {}), **(entries[0]["config"] if entries else {})}
        keys = s3.Keys(config["s3.access-key-id"], config["s3.secret-access-key"], config.get("s3.session-token"))
        expiry = config.get("s3.session-token-expires-at-ms")
        prefix = entries[0]["prefix"] if entries else answer.body["metadata"]["location"]
        return Vended(keys, prefix, int(expiry) if expiry else None, credential_fields(answer.body))
