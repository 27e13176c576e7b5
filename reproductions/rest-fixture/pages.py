"""The Iceberg project's REST fixture 1.11.0 shows a name on two pages, where another name came in before it.

    python reproductions/rest-fixture/pages.py http://127.0.0.1:8181

Captured from 1.11.0, 2026-11-27: first page b, c; then a is made; second page c, d. Source: Iceberg REST
specification, PageToken: the token is opaque, here it is a position.
"""

from __future__ import annotations

import sys
from uuid import uuid4

from two_columns import ask, schema


def main(address: str) -> int:
    """Read two pages of a listing, and make a table between them; return 1 where a name is on both."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"/namespaces/{namespace}/tables"
    ask(address, "POST", "/namespaces", {"namespace": [namespace]})
    for name in "bcd":
        ask(address, "POST", tables, {"name": name, "schema": schema(0, "id")})
    _, first = ask(address, "GET", f"{tables}?pageToken=&pageSize=2")
    ask(address, "POST", tables, {"name": "a", "schema": schema(0, "id")})
    _, second = ask(address, "GET", f"{tables}?pageToken={first['next-page-token']}&pageSize=2")
    pages = [[one["name"] for one in page["identifiers"]] for page in (first, second)]
    sys.stdout.write(f"first page {', '.join(pages[0])}; then a is made; second page {', '.join(pages[1])}\n")
    for name in "abcd":
        ask(address, "DELETE", f"{tables}/{name}")
    ask(address, "DELETE", f"/namespaces/{namespace}")
    return int(bool(set(pages[0]) & set(pages[1])))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
