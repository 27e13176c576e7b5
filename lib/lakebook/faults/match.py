"""Which exchanges a fault applies to."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """Regular expressions: for the whole method, and for a part of the path with its query, and of the body."""

    method: str = ".*"
    path: str = ""
    body: str = ""

    def applies(self, method: str, path: str, body: bytes) -> bool:
        """Tell whether a request is meant."""
        return bool(
            re.fullmatch(self.method, method) and re.search(self.path, path) and re.search(self.body.encode(), body)
        )


_TABLE = r"/namespaces/[^/]+/tables/[^/?]+"

# The Iceberg REST API: a commit that adds a snapshot, to one table or several; loading a table; dropping one.
COMMIT = Match("POST", rf"{_TABLE}$|/transactions/commit$", '"add-snapshot"')
LOAD = Match("GET", rf"{_TABLE}(\?|$)")
DROP_TABLE = Match("DELETE", rf"{_TABLE}(\?|$)")

# A store: a data file that is written, at once or in parts; a table's metadata file; a listing; an object that is read.
UPLOAD = Match("PUT|POST", r"\.(parquet|orc)([?&]|$)|/data/[^?]*\.avro(\?|$)")
METADATA = Match("PUT|POST", r"\.metadata\.json(\.gz)?([?&]|$)")
LISTING = Match("GET", r"^/[^/?]+/?\?(?=.*(list-type|prefix|delimiter)=)")
DOWNLOAD = Match("GET", r"^/[^/?]+/[^?]+")
