"""The Iceberg project's REST fixture 1.11.0 answers, and logs, the text of an update that it does not know.

    python reproductions/rest-fixture/echoed_text.py http://127.0.0.1:8181

Where that text is a key, which a client put into the wrong place, it stands in the log from then on. Captured from
1.11.0, 2026-11-27: 500, an HTML page with "Cannot convert metadata update action to json: wjalrxutnfemi".
"""

from __future__ import annotations

import json
import sys
from uuid import uuid4

from two_columns import ask, schema

TEXT = "wjalrxutnfemi"  # in lower case, as it is answered


def main(address: str) -> int:
    """Send an update that is a text; print the answer; return 1 where the text is in it."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    ask(address, "POST", "/namespaces", {"namespace": [namespace]})
    ask(address, "POST", f"/namespaces/{namespace}/tables", {"name": "t", "schema": schema(0, "id")})
    body = {"requirements": [], "updates": [{"action": TEXT}]}
    status, said = ask(address, "POST", f"/namespaces/{namespace}/tables/t", body)
    sys.stdout.write(f"{status}: {json.dumps(said)}\n")
    ask(address, "DELETE", f"/namespaces/{namespace}/tables/t")
    ask(address, "DELETE", f"/namespaces/{namespace}")
    return int(TEXT in str(said))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
