"""The local Bot API server: HTTP in, the world's methods, Telegram's answers out."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.playground.bot_api.fault_injection import Faults, Limits
from bot.playground.bot_api.methods import COUNTED, methods
from bot.playground.bot_api.refusals import Refusal, bad_request
from bot.playground.bot_api.validation import decoded
from bot.playground.bot_api.world import Call, World
from bot.playground.clock_routes import ClockControl
from bot.playground.page_routes import PageRoutes
from digests.text import Language

#: What a call of the wrong shape makes our own code raise.
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)

_GROUPS = ("group", "supergroup")
_LONGEST_POLL = 50

#: A bot that does not ask for updates for so long is away (seconds).
_ABSENT_AFTER = 5.0
_CALLS_KEPT = 100_000
_UPLOAD_LIMIT = 50 * 1024 * 1024
_WEBHOOK_PAUSE = 0.2
_WEBHOOK_IS_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_ANOTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


class PlaygroundServer:
    """Serves the Bot API and the chat page of one world."""

    def __init__(
        self,
        world: World,
        clock: ClockControl | None = None,
        limits: Limits | None = None,
        faults: Faults | None = None,
        missing: Collection[str] = (),
        *,
        speak: Callable[[Language], Awaitable[None]] | None = None,
    ) -> None:
        """A server; of an older one, the methods that it does not know are *missing* (lower case).

        *speak* is called when the page's language is chosen.
        """
        self.world = world
        self.limits = limits or Limits()
        self.faults = faults or Faults()
        self._methods = {name: method for name, method in methods().items() if name not in missing}
        self._pollers = 0
        self._poll = object()
        self._polled_at = -_ABSENT_AFTER
        self._page = PageRoutes(world, clock, self._is_listening, speak)
        self._runner: web.AppRunner | None = None
        self._webhook: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> str:
        """Listen, on any free port when it is 0; the address to reach it under.

        Raises:
            OSError: the port is taken.
        """
        app = web.Application(client_max_size=_UPLOAD_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/photos/{file_id}", self._file)
        self._page.add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self._webhook = asyncio.create_task(self._deliver())
        real_port = self._runner.addresses[0][1]
        return f"http://{host}:{real_port}"

    async def close(self) -> None:
        """Stop listening and end every open request."""
        if self._webhook:
            self._webhook.cancel()
        self._page.close()
        if self._runner:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"].lower()
        call = Call(request.match_info["method"], {}, time.monotonic())
        fault = self.faults.draw() if name in COUNTED else None
        try:
            result = await self._handle(request, name, call, fault)
            body, status = {"ok": True, "result": result}, 200
        except Refusal as refusal:
            call.refusal = refusal
            body, status = _refused(refusal), refusal.code
        self._note(call, name)
        if fault in ("drop_before", "drop_after") and request.transport:
            request.transport.close()
        return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")

    async def _handle(self, request: web.Request, name: str, call: Call, fault: str | None) -> Any:
        """The result of a call; whatever is malformed in it becomes a refusal."""
        number, _, secret = request.match_info["token"].partition(":")
        if not (number.isdigit() and secret):
            raise Refusal(401, "Unauthorized")
        try:
            call.parameters = await _parameters(request)
            return await self._result(name, call, fault)
        except _MALFORMED as error:
            raise bad_request(f"invalid parameters ({type(error).__name__}: {error})"[:200]) from error

    async def _result(self, name: str, call: Call, fault: str | None) -> Any:
        if name in COUNTED:
            await asyncio.sleep(self.faults.delay())
            self._fail(fault)
            chat_id = int(call.parameters.get("chat_id") or 0)
            chat = self.world.chats.get(chat_id)
            self.limits.pass_message(chat_id, is_group=chat is not None and chat.type in _GROUPS)
        if name == "getupdates":
            self._pollers += 1
            try:
                return await self._get_updates(call.parameters)
            finally:
                self._pollers -= 1
                self._polled_at = time.monotonic()
        method = self._methods.get(name)
        if method is None:
            raise Refusal(404, "Not Found")
        return method(self.world, call.parameters, call)

    def _fail(self, fault: str | None) -> None:
        if fault == "server_error":
            raise Refusal(500, "Internal Server Error")
        if fault == "too_many":
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        if fault == "drop_before":
            raise Refusal(500, "dropped")  # the connection closes before anybody reads this

    def _note(self, call: Call, name: str) -> None:
        if name == "getupdates" and call.refusal is None:
            return
        self.world.calls.append(call)
        del self.world.calls[:-_CALLS_KEPT]
        if call.refusal or call.warning:
            self.world.tell({"type": "refused", "refused": self._page.refused(call)})

    async def _get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        if self.world.webhook["url"]:
            raise Refusal(409, _WEBHOOK_IS_ACTIVE)
        offset = int(parameters.get("offset") or 0)
        allowed = decoded(parameters.get("allowed_updates") or [])
        self.world.updates[:] = [
            update for update in self.world.updates if not offset or update["update_id"] >= offset
        ]
        self._poll = mine = object()
        deadline = time.monotonic() + min(int(parameters.get("timeout") or 0), _LONGEST_POLL)
        while not (
            found := [u for u in self.world.updates if not allowed or any(kind in u for kind in allowed)]
        ):
            self.world.arrived.clear()
            left = deadline - time.monotonic()
            if left <= 0:
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(self.world.arrived.wait(), min(left, 1))
            if self._poll is not mine:
                raise Refusal(409, _ANOTHER_POLLER)
        return found[: int(parameters.get("limit") or 100)]

    def _is_listening(self) -> bool:
        """Whether a bot fetches updates or has them brought."""
        if self.world.webhook["url"]:
            return True
        return self._pollers > 0 or time.monotonic() - self._polled_at < _ABSENT_AFTER

    async def _deliver(self) -> None:
        """Hand updates to the webhook, one after the other, again until it takes them."""
        async with ClientSession(timeout=ClientTimeout(total=60)) as session:
            while True:
                await self.world.arrived.wait()
                if not self.world.webhook["url"] or not self.world.updates:
                    await asyncio.sleep(_WEBHOOK_PAUSE)
                    continue
                if await self._post(session, self.world.updates[0]):
                    del self.world.updates[0]
                else:
                    await asyncio.sleep(_WEBHOOK_PAUSE)

    async def _post(self, session: ClientSession, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.world.webhook.get("secret_token", "")}
        try:
            async with session.post(self.world.webhook["url"], json=update, headers=headers) as response:
                return response.ok
        except (ClientError, TimeoutError, OSError):
            return False

    async def _file(self, request: web.Request) -> web.Response:
        content = self.world.files.get(request.match_info["file_id"])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="image/png")


async def _parameters(request: web.Request) -> dict[str, Any]:
    """The parameters of a call, however they were sent."""
    parameters: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        parameters.update(json.loads(await request.read() or b"{}"))
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            name = getattr(part, "name", None)
            if name:
                is_file = getattr(part, "filename", None) is not None
                parameters[name] = bytes(await part.read()) if is_file else await part.text()  # type: ignore[union-attr] # forms do not nest
    elif request.method == "POST":
        parameters |= dict(await request.post())
    return parameters


def _refused(refusal: Refusal) -> dict[str, Any]:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    return body | ({"parameters": refusal.parameters} if refusal.parameters else {})
