"""The profile's Iceberg REST catalog: PyIceberg clients of it, and its raw answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from lakebook import secret
from lakebook.checks import credentials
from lakebook.lake import vended
from lakebook.lake.http import Http

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyiceberg.catalog.rest import RestCatalog

    from lakebook.lake.http import Answer
    from lakebook.lake.table import Table
    from lakebook.lake.vended import Vended
    from lakebook.login import Login

Grant = Literal["write", "read"]
DELEGATION = "X-Iceberg-Access-Delegation"
ID_ALONE = {"type": "struct", "schema-id": 0, "fields": [{"id": 1, "name": "id", "type": "long", "required": False}]}


@dataclass(frozen=True, slots=True)
class Catalog:
    """The catalog, with a login for each grant.

    `storage` are the properties that PyIceberg is given, with a key where the catalog does not vend. `principals` are
    the logins of others than the scenario itself, by name: "expired", and those whose grants are narrower.
    `untold_prefix` is one that its configuration does not tell, so that a client must be given it.
    """

    url: str
    warehouse: str
    prefix: str
    logins: dict[Grant, Login] = field(repr=False)
    storage: dict[str, str] = field(repr=False)
    principals: dict[str, Login] = field(default_factory=dict, repr=False)
    vends: bool = True
    untold_prefix: str = ""

    def speaking_as(self, principal: str) -> Catalog:
        """Return the catalog as another principal sees it."""
        return self.logged_in(self.principals[principal])

    def logged_in(self, login: Login) -> Catalog:
        """Return the catalog as one sees it who logs in so."""
        return replace(self, logins={"write": login, "read": login})

    def client(
        self, *, grant: Grant = "write", vended: bool = True, keys: Mapping[str, str] | None = None
    ) -> RestCatalog:
        """Return a PyIceberg client: with vended credentials, or (`vended=False`) with the properties of `keys`."""
        return _client_that_keeps_secrets()(
            "lake",
            uri=self.url,
            warehouse=self.warehouse,
            **({"prefix": self.untold_prefix} if self.untold_prefix else {}),
            **self.logins[grant].pyiceberg(),
            **{f"header.{DELEGATION}": "vended-credentials" if vended else ""},
            **{**self.storage, **(keys or {})},
        )

    def ask(
        self, method: str, path: str, *, grant: Grant = "write", delegation: str | None = None, **options: Any
    ) -> Answer:
        """Return the raw answer to a request below the catalog's prefix, with the delegation header as given, or none.

        Secrets in it are known from now on.
        """
        delegated = {} if delegation is None else {DELEGATION: delegation}
        return self.send(method, path, delegated, auth=self.logins[grant].auth(), **options)

    def send(self, method: str, path: str, headers: Mapping[str, str], **options: Any) -> Answer:
        """Return the raw answer to a request with these headers, and no login of its own.

        Of a catalog without a prefix there is nothing between the version and what follows.
        """
        path = path if self.prefix else path.replace("/v1//", "/v1/", 1)
        answer = Http.at("the catalog", self.url, headers).ask(method, path, **options)
        secret.remember(credentials.values(answer.body))
        return answer

    def unasked(self, table: tuple[str, str]) -> list[Answer]:
        """Return the answers of every route that could carry credentials, to a client that does not ask for any.

        Source: Iceberg REST specification: getConfig, createTable (staged, and for good), loadTable.
        """
        tables = self._tables(table[0])
        new = {"name": "unasked", "schema": ID_ALONE, "stage-create": False}
        return [
            self.ask("GET", f"/v1/config?warehouse={self.warehouse}"),
            self.ask("POST", tables, json={**new, "stage-create": True}),
            self.ask("POST", tables, json=new),
            self.ask("GET", f"{tables}/{table[1]}"),
        ]

    def namespaces(self, prefix: str) -> list[str]:
        """Return the names of the top namespaces that begin so, as the catalog shows them to this token."""
        return [name[0] for name in self.client().list_namespaces() if name[0].startswith(prefix)]

    def make_namespace(self, name: str) -> None:
        """Make a top namespace, where there is none of this name.

        It is looked for first: not every catalog answers the second request for a namespace as a second one.
        """
        if name not in self.namespaces(name):
            self.client().create_namespace_if_not_exists(name)

    def register(self, table: Table) -> None:
        """Make a table of another catalog known to this one too: both then point at the same files."""
        self.make_namespace(table.namespace)
        newest = table.catalog.client().load_table(table.identifier).metadata_location
        self.client().register_table(table.identifier, newest)

    def vend(self, table: tuple[str, str], *, grant: Grant = "write") -> Vended:
        """Return the credentials that loadTable vends for a table. Raises ServiceError where it answers without any.

        Those of a catalog that vends none, as the profile says, are ones that no store knows: `vended.MADE_UP`.
        Source: Iceberg REST specification, LoadTableResult: `storage-credentials` come before `config`.
        """
        if not self.vends:
            return vended.nothing()
        path = f"{self._tables(table[0])}/{table[1]}"
        return self._vended(self.ask("GET", path, grant=grant, delegation="vended-credentials").require(200))

    def load_credentials(self, table: tuple[str, str], *, grant: Grant = "write") -> Vended:
        """Return the credentials that loadCredentials vends for a table, at the path that the specification gives it.

        Raises ServiceError where it answers without any.
        """
        return self._vended(
            self.ask("GET", f"{self._tables(table[0])}/{table[1]}/credentials", grant=grant).require(200)
        )

    def renew(self, last: Vended, *, grant: Grant = "write") -> Vended:
        """Return new credentials from the endpoint that the catalog named with the first. Raises ServiceError.

        Source: Iceberg REST specification, loadCredentials; its own header asks for nothing, the endpoint does.
        """
        return self._vended(self.ask("GET", last.refresh, grant=grant).require(200))

    def _vended(self, answer: Answer) -> Vended:
        return vended.of(answer, self.storage)

    def _tables(self, namespace: str) -> str:
        return f"/v1/{self.prefix}/namespaces/{namespace}/tables"


def _client_that_keeps_secrets() -> type[RestCatalog]:
    """Return PyIceberg's client, remembering every credential that a catalog sends to it, to keep it off the disk."""
    from pyiceberg.catalog.rest import RestCatalog  # noqa: PLC0415 - slow to import

    class Remembering(RestCatalog):
        def _create_session(self) -> Any:
            session = super()._create_session()
            session.hooks["response"].append(_remember)
            return session

    return Remembering


def _remember(response: Any, **_: object) -> None:
    if response.headers.get("content-type", "").startswith("application/json") and response.content:
        secret.remember(credentials.values(response.json()))
