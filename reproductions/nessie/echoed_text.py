"""Nessie 0.99.0 answers, and logs, the text of an update that it does not know: also where that is a key.

    python reproductions/nessie/echoed_text.py http://127.0.0.1:19120/iceberg

Captured from Nessie 0.99.0, 2026-11-26: 500, "Could not resolve type id 'wJalrXUtnFEMI' as a subtype of ...".
"""

from __future__ import annotations

import json
import sys
from uuid import uuid4

from optional_fields import FIELDS, ask, home, schema

TEXT = "wJalrXUtnFEMI"


def main(address: str) -> int:
    """Send an update that is a text; print the answer; return 1 where the text is in it."""
    namespace = f"reproduction_{uuid4().hex[:8]}"
    tables = f"{home(address)}/namespaces/{namespace}/tables"
    ask(address, "POST", f"{home(address)}/namespaces", {"namespace": [namespace]})
    ask(address, "POST", tables, {"name": "t", "schema": schema(0, *FIELDS), "stage-create": False})
    status, said = ask(address, "POST", f"{tables}/t", {"requirements": [], "updates": [{"action": TEXT}]})
    sys.stdout.write(f"{status}: {json.dumps(said)[:300]}\n")
    ask(address, "DELETE", f"{tables}/t")
    ask(address, "DELETE", f"{home(address)}/namespaces/{namespace}")
    return int(TEXT in json.dumps(said))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
