"""The catalog and the table that are written, with the catalog's vended credentials."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import structlog
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.exceptions import (
    NamespaceAlreadyExistsError,
    NoSuchNamespaceError,
    NoSuchTableError,
    RESTError,
    ServerError,
    ServiceUnavailableError,
    TableAlreadyExistsError,
)
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.transforms import IdentityTransform
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed

from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema.iceberg import new_schema
from tinylake.autoloader.secrecy import redact, remember

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from pyiceberg.io.pyarrow import PyArrowFileIO
    from pyiceberg.schema import Schema
    from pyiceberg.table import Table
    from requests import PreparedRequest, Response, Session

    from tinylake.autoloader.settings import Settings

log = structlog.get_logger(__name__)
CONNECT_SECONDS, READ_SECONDS = 3, 60
UNREACHED = re.compile("Error while sending request|Couldn't connect|UNAVAILABLE|curlCode: 7", re.IGNORECASE)
steady = retry(  # of calls that may be repeated, whatever became of the first
    retry=retry_if_exception_type((RequestException, ServerError, ServiceUnavailableError)),
    wait=wait_fixed(0.2),
    stop=stop_after_attempt(3),
    reraise=True,
)
SECRETS = (
    "s3.secret-access-key",
    "s3.session-token",
    "s3.access-key-id",
    "adls.sas-token",
    "gcs.oauth2.token",
    "token",
)


class TimedAdapter(HTTPAdapter):
    """Requests with a time-out: PyIceberg sets none, and would wait for ever for a catalog that does not answer."""

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        options["timeout"] = options.get("timeout") or (CONNECT_SECONDS, READ_SECONDS)
        return super().send(request, *args, **options)


class TimedCatalog(RestCatalog):
    """PyIceberg's catalog, whose requests end."""

    def _create_session(self) -> Session:
        session = super()._create_session()
        for scheme in ("http://", "https://"):
            session.mount(scheme, TimedAdapter())
        return session


def connect(settings: Settings) -> RestCatalog:
    """The catalog; Failure with its address where it does not answer."""
    options = {
        "uri": settings.catalog_uri,
        "warehouse": settings.catalog_warehouse,
        **({"prefix": settings.catalog_prefix} if settings.catalog_prefix else {}),
        **_login(settings),
        **_access(settings),
        "s3.connect-timeout": str(CONNECT_SECONDS),
        "s3.request-timeout": str(READ_SECONDS),
        "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
        **settings.store,
    }
    try:
        return steady(TimedCatalog)(settings.catalog_name, **options)
    except Exception as error:
        raise failure_of(error, settings) from error


def _login(settings: Settings) -> dict[str, Any]:
    """How to log in, or that there is no login: without a word of it PyIceberg would send `Bearer None`.

    Each run has a client of its own, so that a token that is got for a secret is never older than the run.
    """
    return dict(settings.catalog_login) or {"auth": {"type": "noop"}}


def _access(settings: Settings) -> dict[str, str]:
    if not settings.store_keys:
        return {"header.X-Iceberg-Access-Delegation": "vended-credentials"}
    return {"header.X-Iceberg-Access-Delegation": "", **settings.store_keys}


@steady
def load(catalog: RestCatalog, namespace: str, table: str) -> Table | None:
    """The table as it is now, or None."""
    try:
        loaded: Table = catalog.load_table((*namespace.split("."), table))
    except (NoSuchTableError, NoSuchNamespaceError):
        return None
    remember(str(value or "") for name, value in loaded.io.properties.items() if _is_secret(name))
    return loaded


def _is_secret(name: str) -> bool:
    """Whether a property is one; of Azure's, the account stands behind the name. When one ends is no secret."""
    return name in SECRETS or name.startswith("adls.sas-token.")


@steady
def create(catalog: RestCatalog, namespace: str, table: str, row: pa.DataType, partitions: Sequence[str]) -> Table:
    """The table, made now or by another at the same moment; its namespace too."""
    levels = tuple(namespace.split("."))
    for depth in range(1, len(levels) + 1):
        if levels[:depth] not in catalog.list_namespaces(levels[: depth - 1]):
            with suppress(NamespaceAlreadyExistsError):  # made by another meanwhile
                catalog.create_namespace(levels[:depth])
    schema = new_schema(row)
    try:
        catalog.create_table(
            (*levels, table), schema, partition_spec=_spec(schema, partitions), properties={"format-version": "2"}
        )
    except TableAlreadyExistsError:
        pass
    except ServerError:  # it may be there all the same, made by this request or by another
        if load(catalog, namespace, table) is None:
            raise
    made = load(catalog, namespace, table)
    if made is None:
        raise Failure(ErrorType.CATALOG_REFUSED, f"table {namespace}.{table} vanished right after its creation")
    return made


@steady
def drop(catalog: RestCatalog, namespace: str, table: str) -> bool:
    """Whether there was a table; its files go with it."""
    try:
        catalog.purge_table((*namespace.split("."), table))
    except (NoSuchTableError, NoSuchNamespaceError):
        return False
    return True


def remove_folder(table: Table, folder: str) -> None:
    """Remove every file below a folder of a table, by the table's own keys; what cannot be is left, and logged."""
    from pyarrow import fs  # noqa: PLC0415

    io = cast("PyArrowFileIO", table.io)  # as `connect` asks for
    scheme, netloc, path = io.parse_location(folder)
    try:
        chosen = fs.FileSelector(path, recursive=True, allow_not_found=True)
        for info in io.fs_by_scheme(scheme, netloc).get_file_info(chosen):
            if info.is_file:
                io.delete(f"{scheme}://{info.path}")
    except Exception as error:  # noqa: BLE001 - best effort: a leftover costs space, and no row
        log.info("leftover stays", path=folder, error=str(error))


def failure_of(error: Exception, settings: Settings) -> Failure:
    """What an error of the catalog's client, or of its storage, means."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, RequestException):
        message = f"cannot reach the catalog at {settings.catalog_uri}: {error}"
        return Failure(ErrorType.CATALOG_UNREACHABLE, redact(message))
    if isinstance(error, RESTError):
        message = f"the catalog at {settings.catalog_uri} refused: {type(error).__name__}: {error}"
        return Failure(ErrorType.CATALOG_REFUSED, redact(message))
    if isinstance(error, OSError):
        where = next((value for value in settings.store.values() if "://" in value), "")
        what = "cannot reach the table's storage" if UNREACHED.search(str(error)) else "the table's storage failed"
        message = f"{what}{f' at {where}' if where else ''}: {error}"
        return Failure(ErrorType.STORAGE_ERROR, redact(message))
    message = f"writing to {settings.catalog_uri} failed: {type(error).__name__}: {error}"
    return Failure(ErrorType.INTERNAL, redact(message))


def _spec(schema: Schema, columns: Sequence[str]) -> PartitionSpec:
    names = {field.name: field.field_id for field in schema.fields}
    if lacking := [name for name in columns if name not in names]:
        message = f"destination.partitioning.columns: {', '.join(lacking)} not in the data; it has {', '.join(names)}"
        raise Failure(ErrorType.INVALID_PARTITIONING, message)
    return PartitionSpec(
        *(
            PartitionField(source_id=names[name], field_id=1000 + index, transform=IdentityTransform(), name=name)
            for index, name in enumerate(columns)
        )
    )
