"""Traces for OpenTelemetry, if they are asked for: the only importer of its packages, which are an extra.

A span says what was done, how long it took and how it ended; no chat, person, text or address stands in it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Update

from bot.updates.update_queue import Handler
from digests.delivery.calls import Messenger
from digests.posts import Delivery, Outcome

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

log = logging.getLogger(__name__)

#: How long a collector may take for one post of spans, and a stop for the last ones (seconds).
_EXPORT_LIMIT, _CLOSE_LIMIT = 2, 3.0

_MISSING = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the packages that write traces are not installed:"
    " there are no traces; pip install 'silkline[tracing]'"
)

Span = Callable[..., AbstractAsyncContextManager[Callable[[str, Any], Any]]]


class Tracing:
    """Wraps what is done in spans; without an endpoint or without the packages it gives back what it gets."""

    def __init__(self, endpoint: str | None) -> None:
        """Spans go to *endpoint*, the address of a collector, by OTLP over HTTP."""
        self._provider = _provider(endpoint) if endpoint else None
        self._span = _spans(self._provider) if self._provider else None

    def handler(self, handler: Handler) -> Handler:
        """A handler of updates with a span for each."""
        span = self._span
        if span is None:
            return handler

        async def handle(update: Update) -> None:
            async with span("update", update_id=update.update_id, kind=update.event_type):
                await handler(update)

        return handle

    def messenger(self, messenger: Messenger) -> Messenger:
        """A messenger with a span for each try to deliver."""
        return messenger if self._span is None else _TracedMessenger(messenger, self._span)

    def middlewares(self) -> list[BaseRequestMiddleware]:
        """What has a span for each call of the Bot API; goes before the other middlewares of a session."""
        return [] if self._span is None else [_TraceCalls(self._span)]

    def tick(self, name: str, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Work that is done again and again, with a span for each time."""
        span = self._span
        if span is None:
            return work

        async def do() -> None:
            async with span(name):
                await work()

        return do

    async def close(self) -> None:
        """Send the last spans; a collector that hangs is not waited for."""
        if self._provider is None:
            return
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def shut_down(provider: TracerProvider) -> None:
            provider.shutdown()
            if not loop.is_closed():
                loop.call_soon_threadsafe(done.set)

        # not by asyncio's own threads: the end of the process waits for those
        threading.Thread(target=shut_down, args=[self._provider], daemon=True).start()
        await asyncio.wait([asyncio.ensure_future(done.wait())], timeout=_CLOSE_LIMIT)


class _TracedMessenger:
    def __init__(self, messenger: Messenger, span: Span) -> None:
        self._messenger = messenger
        self._span = span

    async def send(self, delivery: Delivery) -> Outcome:
        async with self._span("delivery", delivery_id=delivery.id, attempt=delivery.attempt) as note:
            outcome = await self._messenger.send(delivery)
            note("outcome", type(outcome).__name__.lower())
        return outcome


class _TraceCalls(BaseRequestMiddleware):
    def __init__(self, span: Span) -> None:
        self._span = span

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> TelegramType:
        async with self._span(method.__api_method__):
            return await make_request(bot, method)  # type: ignore[return-value] # aiogram's own annotation


def _provider(endpoint: str) -> TracerProvider | None:
    """Who makes spans and sends them; None, and a warning, where the packages are missing."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - likewise
        from opentelemetry.sdk.trace import ReadableSpan, TracerProvider  # noqa: PLC0415 - likewise
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult  # noqa: PLC0415 - likewise
    except ImportError:
        log.warning(_MISSING)
        return None

    class Exporter(OTLPSpanExporter):
        """Tells once that its collector is away, instead of twice for each post of spans."""

        is_away = False

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            result = super().export(spans)
            is_away = result is not SpanExportResult.SUCCESS
            if is_away != self.is_away:
                level = logging.WARNING if is_away else logging.INFO
                log.log(
                    level, "%s takes %s", endpoint, "no traces: they are lost" if is_away else "traces again"
                )
            self.is_away = is_away
            return result

    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
    about = Resource.create({"service.name": "silkline", "service.version": version("silkline")})
    provider = TracerProvider(resource=about, shutdown_on_exit=False)
    exporter = Exporter(endpoint=f"{endpoint}/v1/traces", timeout=_EXPORT_LIMIT)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _spans(provider: TracerProvider) -> Span:
    """Opens a span around a block; of an error the class is noted, since its words may hold anything."""
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an extra

    tracer = provider.get_tracer("silkline")

    @asynccontextmanager
    async def span(name: str, **attributes: Any) -> AsyncIterator[Callable[[str, Any], Any]]:
        with tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as current:
            try:
                yield current.set_attribute
            except BaseException as error:
                current.set_status(StatusCode.ERROR)
                current.set_attribute("error.type", type(error).__name__)
                raise

    return span
