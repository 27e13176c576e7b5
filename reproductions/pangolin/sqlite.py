"""Pangolin 0.6.0 on SQLite ends with the first request that has a token: its own, fresh from the login.

    python reproductions/pangolin/sqlite.py http://127.0.0.1:8080/v1/CATALOG TOKEN

The token is what `POST /api/v1/users/login` gives to a tenant's admin. Captured from Pangolin 0.6.0, 2026-11-27:

    GET /namespaces with a token: RemoteDisconnected

and in its log "thread 'tokio-runtime-worker' has overflowed its stack": the store's `is_token_revoked` calls itself
(pangolin_store/src/sqlite/main.rs, as do `revoke_token` and `cleanup_expired_tokens`). A token without an id (`jti`) is
not looked up, and is taken. 0.8.0 has the missing functions.
"""

from __future__ import annotations

import http.client
import sys

from answers import ask


def main(address: str, token: str) -> int:
    """Send one request with the token; return 1 where the server is gone then."""
    try:
        said, gone = str(ask(address, token, "GET", "/namespaces")[0]), False
    except (http.client.HTTPException, OSError) as error:
        said, gone = type(error).__name__, True
    sys.stdout.write(f"GET /namespaces with a token: {said}\n")
    return int(gone)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
