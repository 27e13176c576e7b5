"""The recording, fault-injecting reverse proxy: HTTP on a free loopback port, in a thread of its owner's process."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from typing import TYPE_CHECKING, TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from yarl import URL

from lakebook.faults.exchange import DROPPED, GONE, Exchange
from lakebook.faults.fault import Fault, Hold
from lakebook.stack.ports import LOOPBACK
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from multidict import CIMultiDictProxy

    from lakebook.faults.fault import When

T = TypeVar("T", Fault, Hold)

# Headers of one connection, which end at the proxy (RFC 9110, section 7.6.1), and those that the server writes itself.
_OF_CONNECTION = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_WRITTEN_ANEW = _OF_CONNECTION | {"content-length", "date", "server"}
_SIGNED = re.compile(r"((?:X-Amz-(?:Signature|Credential|Security-Token)|[?&]sig)=)[^&]*", re.IGNORECASE)
_ERROR = '{"error": {"message": "injected by the proxy", "type": "InjectedFault", "code": %d}}'
_BAD_GATEWAY = 502


class Proxy:
    """A proxy in front of one service. It passes on what comes, the Host header included, and writes it down.

    Faults are tried in the order in which they were injected; one that has been applied `times` times is over.
    """

    def __init__(self, upstream: str, addresses: Mapping[str, str] | None = None) -> None:
        """Begin to listen. `upstream` is the base URL of the service; a path in it stands in the proxy's URL too.

        `addresses` that the service gives its clients, such as that of a store in a catalog's answer, are replaced in
        what it answers: so that its clients reach the other services through proxies as well.
        """
        self.upstream = upstream.rstrip("/")
        self._origin = str(URL(self.upstream).origin())
        self._addresses = addresses or {}
        self._faults: list[tuple[Fault, int]] = []
        self._done: dict[int, Exchange] = {}
        self._arrived = 0
        self._lock = threading.Lock()
        self._holds: list[Hold] = []
        self._begin = time.monotonic()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy of {upstream}", daemon=True)
        self._thread.start()
        self._runner, port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(TIMEOUTS.service_ready)
        self.url = f"http://{LOOPBACK}:{port}{self.upstream.removeprefix(self._origin)}"

    def inject(self, fault: T) -> T:
        """Apply a fault, or a hold, to the exchanges that match from now on; return it."""
        if isinstance(fault, Hold):
            self._holds.append(fault)
        with self._lock:
            one = fault.fault if isinstance(fault, Hold) else fault
            self._faults.append((one, one.times))
        return fault

    def clear(self) -> None:
        """Apply no fault from now on; what is held is released."""
        with self._lock:
            self._faults.clear()
        for held in self._holds:
            held.release()

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """The record so far, in the order in which the requests came; what is under way is not in it yet."""
        with self._lock:
            return [self._done[number] for number in sorted(self._done)]

    def stop(self) -> None:
        """Listen no longer."""
        if self._thread.is_alive():
            self.clear()
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(TIMEOUTS.service_stop)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(TIMEOUTS.service_stop)
            self._loop.close()

    async def _listen(self) -> tuple[web.AppRunner, int]:
        self._session = ClientSession(
            auto_decompress=False, timeout=ClientTimeout(total=TIMEOUTS.ingestion_run), trust_env=False
        )
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, auto_decompress=False, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, 0)
        await site.start()
        return runner, int(runner.addresses[0][1])

    async def _end(self) -> None:
        await self._runner.cleanup()
        await self._session.close()
        await self._loop.shutdown_default_executor()

    def _take(self, method: str, path: str, body: bytes) -> Fault | None:
        """Return the fault of a request, counted; None where it has none."""
        with self._lock:
            for position, (fault, left) in enumerate(self._faults):
                if left and fault.match.applies(method, path, body):
                    self._faults[position] = (fault, left - 1)
                    return fault
        return None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        with self._lock:
            self._arrived += 1
            number = self._arrived
        begin = time.monotonic()
        body = await request.read()
        fault = self._take(request.method, request.raw_path, body)
        upstream, response = await self._exchange(request, body, fault)

        def write_down(client: int | str) -> None:
            path = _SIGNED.sub(r"\1[secret]", request.raw_path)
            took, name = time.monotonic() - begin, fault.name if fault else ""
            with self._lock:
                self._done[number] = Exchange(
                    number, begin - self._begin, request.method, path, upstream, client, name, took
                )

        write_down(response.status if response else DROPPED)  # so that whoever has the answer finds it in the record
        write_down(await _told(request, response))
        await _called(fault, "answered")
        return response or web.Response()

    async def _exchange(
        self, request: web.Request, body: bytes, fault: Fault | None
    ) -> tuple[int | None, web.Response | None]:
        """Return what the service answered, and what its client is to be told: None where nothing."""
        if fault is None:
            return await self._asked(request, body)
        await _called(fault, "before")
        upstream, response = await self._asked(request, body) if fault.reached else (None, None)
        await _called(fault, "after")
        await asyncio.sleep(fault.seconds)
        if fault.dropped:
            return upstream, None
        return upstream, _instead(fault.status) if fault.status else response

    async def _asked(self, request: web.Request, body: bytes) -> tuple[int | None, web.Response]:
        headers = _passed_on(request.headers, _OF_CONNECTION | {"content-length"})
        if self._addresses:
            headers = [(name, value) for name, value in headers if name.lower() != "accept-encoding"]
        try:
            async with self._session.request(
                request.method,
                URL(f"{self._origin}{request.raw_path}", encoded=True),
                data=body or None,
                headers=headers,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                allow_redirects=False,
            ) as answer:
                given = self._readdressed(await answer.read())
                return answer.status, _as_given(request, answer.status, answer.headers, given)
        except (ClientError, OSError, TimeoutError):
            return None, _instead(_BAD_GATEWAY)

    def _readdressed(self, body: bytes) -> bytes:
        for address, proxied in self._addresses.items():
            body = body.replace(address.encode(), proxied.encode())
        return body


async def _told(request: web.Request, response: web.Response | None) -> int | str:
    """Tell the client, or close its connection; return what it was told."""
    gone = request.transport is None or request.transport.is_closing()
    if response is None:
        if request.transport:
            request.transport.abort()
        return DROPPED
    if gone:
        return GONE
    try:
        await response.prepare(request)
        await response.write_eof()
    except (ConnectionError, ClientError):
        return GONE
    return response.status


async def _called(fault: Fault | None, when: When) -> None:
    """Call what a fault has for this moment, which may take its time, while the proxy goes on serving others."""
    if fault and when in fault.calls:
        await asyncio.to_thread(fault.calls[when])


def _passed_on(headers: CIMultiDictProxy[str], but: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.items() if name.lower() not in but]


def _as_given(request: web.Request, status: int, headers: CIMultiDictProxy[str], body: bytes) -> web.Response:
    response = web.Response(status=status, body=None if request.method == "HEAD" else body)
    response.headers.clear()
    for name, value in _passed_on(headers, _WRITTEN_ANEW):
        response.headers.add(name, value)
    if request.method == "HEAD" and "Content-Length" in headers:
        response.headers["Content-Length"] = headers["Content-Length"]
    return response


def _instead(status: int) -> web.Response:
    return web.Response(status=status, text=_ERROR % status, content_type="application/json")
