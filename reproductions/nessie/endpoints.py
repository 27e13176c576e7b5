"""Nessie 0.99.0 does not say which operations it serves, so that a client has to do without those for views.

    python reproductions/nessie/endpoints.py http://127.0.0.1:19120/iceberg

Without `endpoints` in the configuration a client takes the specification's default, which has no views in it and
neither of the two HEAD. Captured from Nessie 0.99.0, 2026-11-26, mended in 0.100.0:

    endpoints: not stated
    GET views: 200; HEAD namespace: 204
"""

from __future__ import annotations

import json
import sys
import urllib.request
from uuid import uuid4

from optional_fields import ask, home


def main(address: str) -> int:
    """Print what is stated, and what is served; return 1 where nothing is stated."""
    namespace, spaces = f"reproduction_{uuid4().hex[:8]}", f"{home(address)}/namespaces"
    ask(address, "POST", spaces, {"namespace": [namespace]})
    with urllib.request.urlopen(f"{address.rstrip('/')}/v1/config") as answer:
        stated = json.loads(answer.read()).get("endpoints")
    served = {
        "GET views": ask(address, "GET", f"{spaces}/{namespace}/views")[0],
        "HEAD namespace": ask(address, "HEAD", f"{spaces}/{namespace}")[0],
    }
    sys.stdout.write(f"endpoints: {stated or 'not stated'}\n")
    sys.stdout.write("; ".join(f"{what}: {status}" for what, status in served.items()) + "\n")
    ask(address, "DELETE", f"{spaces}/{namespace}")
    return int(not stated)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
