"""The gate: who asks, whether their token may, and the emulator's answer as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from tinylake.gcs_gate import issuing, operations
from tinylake.gcs_gate.operations import Request
from tinylake.gcs_gate.tokens import Tokens

if TYPE_CHECKING:
    from starlette.requests import Request as Received
    from starlette.responses import Response

HEALTH = "/_internal/healthcheck"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}
NOT_SENT = HOP_BY_HOP | {"host", "authorization", "content-length"}
SECONDS = 60


class Gate:
    """What stands before the emulator at an address."""

    def __init__(self, emulator: str, authority: str, owner_token: str) -> None:
        """Connects at first use. The emulator is told the gate's own `authority`, of which it makes addresses."""
        self._emulator = httpx.URL(emulator)
        self._tokens = Tokens(owner_token)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        self._client = httpx.AsyncClient(
            timeout=SECONDS, limits=limits, trust_env=False, headers={"accept-encoding": "identity", "host": authority}
        )

    async def answer(self, received: Received) -> Response:
        """One request, from its start to its end."""
        raw_path = received.scope["raw_path"].decode("latin-1").partition("?")[0]
        request = Request(
            received.method,
            raw_path,
            received.scope["query_string"].decode("latin-1"),
            received.headers,
            await received.body(),
        )
        if not operations.is_plain(request):
            return _refusal(
                400, "INVALID_ARGUMENT", "semicolons and percent signs are escaped, and no part is dots alone"
            )
        if request.method == "POST" and request.path == issuing.EXCHANGE:
            return _json(issuing.exchange(self._tokens, request))
        return self._refused(request) or await self._served(request)

    async def _served(self, request: Request) -> Response:
        if request.method == "POST" and issuing.GENERATE.fullmatch(request.path):
            return _json(issuing.generate(self._tokens, request))
        return await self._forwarded(request)

    def _refused(self, request: Request) -> Response | None:
        """401 without a token that counts, 403 where its boundary does not allow what is asked; None where it may."""
        if request.path == HEALTH or operations.is_session(request):
            return None
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        token = self._tokens.find(sent) if scheme.lower() == "bearer" else None
        if token is None:
            return _refusal(
                401, "UNAUTHENTICATED", "send a token that is known and not over: Authorization: Bearer TOKEN"
            )
        if token.boundary is None:
            return None
        needed = operations.asked(request)
        if needed and all(token.boundary.allows(one) for one in needed):
            return None
        lacking = next((one for one in needed if not token.boundary.allows(one)), None)
        what = f"storage.objects.{lacking.permission}" if lacking else f"{request.method} of this resource"
        return _refusal(403, "PERMISSION_DENIED", f"the token's access boundary does not allow {what}")

    async def _forwarded(self, request: Request) -> Response:
        """The emulator's answer, as it comes; 503 where it gives none."""
        raw_path = request.path + (f"?{request.query}" if request.query else "")
        sent = self._client.build_request(
            request.method,
            self._emulator.copy_with(raw_path=raw_path.encode("latin-1")),
            headers=[(name, value) for name, value in request.headers.items() if name not in NOT_SENT],
            content=request.body,
        )
        try:
            answer = await self._client.send(sent, stream=True)
        except httpx.TransportError as error:
            return _refusal(503, "UNAVAILABLE", f"the emulator behind the gate does not answer: {type(error).__name__}")
        streamed = StreamingResponse(
            answer.aiter_raw(), status_code=answer.status_code, background=BackgroundTask(answer.aclose)
        )
        streamed.raw_headers = [
            (name.lower(), value) for name, value in answer.headers.raw if name.decode().lower() not in HOP_BY_HOP
        ]
        return streamed


def build(emulator: str, authority: str, owner_token: str) -> Starlette:
    """The application."""
    gate = Gate(emulator, authority, owner_token)
    return Starlette(routes=[Route("/{path:path}", gate.answer, methods=METHODS)])


def _json(answer: issuing.Answer) -> Response:
    return JSONResponse(answer.body, status_code=answer.status, headers={"Cache-Control": "no-store"})


def _refusal(status: int, word: str, message: str) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(issuing.error(status, word, message), status_code=status, headers=headers)
