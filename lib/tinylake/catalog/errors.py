"""The catalog's refusals: each has a status and a type of the Iceberg REST specification."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyiceberg.exceptions import ValidationError, ValidationException

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REFUSALS = (
    ValidationError,
    ValidationException,
    ValueError,
    TypeError,
    LookupError,
    NotImplementedError,
    StopIteration,
)


@dataclass
class CatalogError(Exception):
    """An answer with an Iceberg error body; `str` of it is the message."""

    status: int
    type: str
    message: str

    def __str__(self) -> str:
        return self.message

    def body(self) -> dict[str, dict[str, str | int]]:
        """The specification's ErrorModel."""
        return {"error": {"message": self.message, "type": self.type, "code": self.status}}


def bad_request(message: str) -> CatalogError:
    """400: what was asked cannot be understood or is not allowed for anyone."""
    return CatalogError(400, "BadRequestException", message)


def not_authorized(message: str) -> CatalogError:
    """401: no principal is known for the request."""
    return CatalogError(401, "NotAuthorizedException", message)


def forbidden(message: str) -> CatalogError:
    """403: the principal is known, and may not."""
    return CatalogError(403, "ForbiddenException", message)


def not_found(message: str) -> CatalogError:
    """404 for what is neither a namespace nor a table."""
    return CatalogError(404, "NotFoundException", message)


def no_such_namespace(name: str) -> CatalogError:
    """404 with the words that the Java client's tests look for."""
    return CatalogError(404, "NoSuchNamespaceException", f"Namespace does not exist: {name}")


def no_such_table(name: str) -> CatalogError:
    """404 with the words that the Java client's tests look for."""
    return CatalogError(404, "NoSuchTableException", f"Table does not exist: {name}")


def no_such_view(name: str) -> CatalogError:
    """404 with the words that the Java client's tests look for."""
    return CatalogError(404, "NoSuchViewException", f"View does not exist: {name}")


def already_exists(what: str, name: str) -> CatalogError:
    """409: the name is taken."""
    return CatalogError(409, "AlreadyExistsException", f"{what} already exists: {name}")


def namespace_not_empty(name: str) -> CatalogError:
    """409: something is still in it."""
    return CatalogError(409, "NamespaceNotEmptyException", f"Namespace is not empty: {name}")


def commit_failed(message: str) -> CatalogError:
    """409: the table is not as the commit requires it; load it again and retry."""
    return CatalogError(409, "CommitFailedException", message)


def unprocessable(message: str) -> CatalogError:
    """422: understood, and contradictory."""
    return CatalogError(422, "UnprocessableEntityException", message)


def internal(message: str) -> CatalogError:
    """500: the message says what is wrong here, without a secret."""
    return CatalogError(500, "InternalServerError", message)


def unavailable(message: str) -> CatalogError:
    """503: nothing was changed, and it may work later."""
    return CatalogError(503, "ServiceUnavailableException", message)


def store_unreachable(where: str, why: str) -> CatalogError:
    """503: the object store at `where` gave no answer."""
    return unavailable(f"the object store at {where} cannot be reached: {why}")


def store_answered(where: str, told: str, *, able: bool) -> CatalogError:
    """500 where the store refused what was asked, 503 where it says that it is not able now."""
    return (internal if able else unavailable)(f"the object store at {where} answered {told}")


def missing_file(location: str) -> CatalogError:
    """500: the catalog points to a file that is not there."""
    return internal(f"a metadata file is missing: {location}")


def not_deleted(stayed: Sequence[str]) -> CatalogError:
    """500: these objects stayed, though the store answered."""
    return internal(f"{len(stayed)} objects were not deleted, the first is {stayed[0]}")


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """400 for what PyIceberg's models refuse, with their reason."""
    try:
        yield
    except CatalogError:
        raise
    except REFUSALS as error:
        reason = str(error) or type(error).__name__
        raise bad_request(f"{what}: {reason}") from error
