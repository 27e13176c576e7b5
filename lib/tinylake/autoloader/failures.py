"""What can go wrong in a run, as a closed list that users may program against."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tinylake.autoloader.clock import now


class ErrorType(StrEnum):
    """The closed list of `error_type` and `error_code`."""

    INVALID_CREDENTIALS = "invalid_credentials"
    ACCESS_DENIED = "access_denied"
    MISSING_BUCKET = "missing_bucket"
    MISSING_FILE = "missing_file"
    CHANGED_FILE = "changed_file"
    ENDPOINT_UNREACHABLE = "endpoint_unreachable"
    SOURCE_ERROR = "source_error"
    UNSUPPORTED_FORMAT = "unsupported_format"
    UNKNOWN_CLUSTER = "unknown_cluster"
    UNKNOWN_CATALOG = "unknown_catalog"
    MALFORMED_RECORD = "malformed_record"
    TYPE_CONFLICT = "type_conflict"
    SCHEMA_CHANGED = "schema_changed"
    INVALID_PARTITIONING = "invalid_partitioning"
    CATALOG_UNREACHABLE = "catalog_unreachable"
    CATALOG_REFUSED = "catalog_refused"
    STORAGE_ERROR = "storage_error"
    COMMIT_CONFLICT = "commit_conflict"
    COMMIT_UNKNOWN = "commit_unknown"
    INTERRUPTED = "interrupted"
    INTERNAL = "internal"


class Failure(Exception):  # noqa: N818 - it is reported as the failure of a run or of one file
    """The service's one exception family: `error_type` from the closed list, a message with cause and place."""

    def __init__(self, error_type: ErrorType, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message


@dataclass(frozen=True, slots=True)
class RunError:
    """One entry of a run's `errors`; `file` is None where the run as a whole is meant."""

    file: str | None
    error_type: ErrorType
    message: str
    timestamp: str

    def as_json(self) -> dict[str, str | None]:
        return {
            "file": self.file,
            "error_type": str(self.error_type),
            "message": self.message,
            "timestamp": self.timestamp,
        }


def error_of(file: str | None, failure: Failure) -> RunError:
    """The run's entry for one failure, dated now."""
    return RunError(file, failure.error_type, failure.message, now())
