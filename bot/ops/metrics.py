"""What is counted and shown at ``/metrics``: the only importer of prometheus-client.

Labels are closed sets of words: no chat, person, text or address is ever one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version

from aiogram.types import Update
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

from bot.updates.update_queue import Handler
from bot.views.screen import Screen, View, ViewRequest
from digests.delivery.calls import Messenger
from digests.posts import Delivery, Outcome

CONTENT_TYPE = CONTENT_TYPE_LATEST

#: Seconds; an answer is expected within the first few, a handler is given up at the last.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_SHORT_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)

#: How a try to deliver a post can end; each has a counter from the start, so that the first one is seen.
OUTCOMES = ("sent", "later", "gone", "moved", "failed", "unknown")

#: The calls of a quiet day.
_METHODS = ("sendMessage", "sendPhoto", "editMessageText", "answerCallbackQuery", "getUpdates")

#: Read at the moment somebody asks: name -> what it says.
GAUGES = {
    "ready": "1 while every check of /readyz is content",
    "database_up": "1 while the database answers",
    "intake_silence_seconds": "since Telegram was last heard",
    "intake_conflict": "1 while another instance takes this token's updates",
    "webhook_trouble": "1 while Telegram cannot post updates, or cannot be asked",
    "tick_age_seconds": "since planning was last done",
    "schedule_lag_seconds": "how long the most overdue schedule waits to be planned; 0 when none is due",
    "outbox_age_seconds": "how long the oldest post that may be sent waits; 0 without one",
    "lease_held": "1 while this process plans and sends",
    "backup_age_seconds": "since the last silkline backup; +Inf before the first, NaN on PostgreSQL",
}


class Metrics:
    """The counters of one instance, in a registry of their own."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("silkline", "what runs", registry=registry).info({"version": version("silkline")})
        counter, histogram = partial(Counter, registry=registry), partial(Histogram, registry=registry)
        self._latency = histogram(
            "silkline_update_seconds", "from an update's turn to its answer", buckets=_SECONDS
        )
        self._failures = counter("silkline_update_failures", "updates that were given up")
        self._calls = counter("silkline_calls", "calls of the Bot API, by outcome", ["method", "outcome"])
        self._call_seconds = histogram(
            "silkline_call_seconds", "how long a call of the Bot API took", ["method"], buckets=_SECONDS
        )
        self._statements = histogram(
            "silkline_statement_seconds", "how long a statement of the database took", buckets=_SHORT_SECONDS
        )
        self._loop_lag = histogram(
            "silkline_loop_lag_seconds",
            "how much later the event loop comes than it should",
            buckets=_SHORT_SECONDS,
        )
        self._deliveries = counter("silkline_deliveries", "tries to deliver a post, by outcome", ["outcome"])
        self._renders = histogram(
            "silkline_render_seconds", "pages made because no cache had them", buckets=_SECONDS
        )
        lines = counter("silkline_log_lines", "lines logged above INFO", ["level"])
        self.log_handler: logging.Handler = _LineCounter(lines)
        self._gauges = {
            name: Gauge(f"silkline_{name}", help_text, registry=registry)
            for name, help_text in GAUGES.items()
        }
        # finding a counter by its labels costs more than counting
        self._known: dict[tuple[str, str], Counter] = {}
        self._durations: dict[str, Histogram] = {}
        self._tries = {name: self._deliveries.labels(name) for name in OUTCOMES}
        for method in _METHODS:
            self._count_call(method, "ok", 0)

    def counted(self, handler: Handler) -> Handler:
        """A handler of updates that is timed."""

        async def handle(update: Update) -> None:
            started = time.perf_counter()
            try:
                await handler(update)
            except BaseException:
                self._failures.inc()
                raise
            self._latency.observe(time.perf_counter() - started)

        return handle

    def counted_views(self, views: Mapping[str, View]) -> dict[str, View]:
        """Views that are timed: they make pages that no cache had."""
        return {name: self._timed(view) for name, view in views.items()}

    def _timed(self, view: View) -> View:
        def show(request: ViewRequest) -> Screen:
            with self._renders.time():
                return view(request)

        return show

    def called(self, method: str, outcome: str, seconds: float) -> None:
        """A call of the Bot API ended after so many seconds."""
        self._count_call(method, outcome, 1)
        duration = self._durations.get(method)
        if duration is None:
            duration = self._durations[method] = self._call_seconds.labels(method)
        duration.observe(seconds)

    def _count_call(self, method: str, outcome: str, count: int) -> None:
        counter = self._known.get((method, outcome))
        if counter is None:
            counter = self._known[method, outcome] = self._calls.labels(method, outcome)
        counter.inc(count)

    def loop_lagged(self, seconds: float) -> None:
        """The event loop came so much later than it should."""
        self._loop_lag.observe(seconds)

    def statement_took(self, seconds: float) -> None:
        """A statement of the database ended."""
        self._statements.observe(seconds)

    def delivered(self, outcome: str) -> None:
        """A try to deliver a post ended in one of `OUTCOMES`."""
        self._tries[outcome].inc()

    def show(self, readings: Mapping[str, float]) -> bytes:
        """Everything in Prometheus's text format, with the gauges at these readings."""
        for name, value in readings.items():
            self._gauges[name].set(value)
        return generate_latest(self._registry)


class CountedMessenger:
    """A messenger whose outcomes are counted; also tells when it last ended a call."""

    def __init__(self, messenger: Messenger, metrics: Metrics, beat: Callable[[], None]) -> None:
        self._messenger = messenger
        self._metrics = metrics
        self._beat = beat

    async def send(self, delivery: Delivery) -> Outcome:
        """Have it sent."""
        outcome = "unknown"  # what an exception or a cancelled call leaves behind
        try:
            told = await self._messenger.send(delivery)
            outcome = type(told).__name__.lower()
        finally:
            self._metrics.delivered(outcome)
            self._beat()
        return told


class _LineCounter(logging.Handler):
    def __init__(self, lines: Counter) -> None:
        super().__init__(logging.WARNING)
        self._lines = {level: lines.labels(level) for level in ("warning", "error")}

    def emit(self, record: logging.LogRecord) -> None:
        self._lines["error" if record.levelno >= logging.ERROR else "warning"].inc()
