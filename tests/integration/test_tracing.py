"""Traces, as a collector gets them: protobuf over HTTP."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot.ops.tracing import Tracing
from bot.playground import CHANNEL, PERSON
from tests.e2e.test_running_bot import TOKEN, answers, running, telegram, until
from tests.integration.test_operating import silkline

__all__ = ["telegram"]  # the fixture

_PUBLISH = "publish --date 2026-05-10 --cadence daily"


class Collector:
    """What arrived: each span's name, attributes, and the name of the span around it."""

    def __init__(self) -> None:
        self.url = ""
        self.raw = b""
        self._spans: dict[bytes, Any] = {}

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                self._spans |= {span.span_id: span for span in scope.spans}
        return web.Response(content_type="application/x-protobuf")

    def found(self) -> list[tuple[str, set[str], str | None]]:
        return [
            (
                span.name,
                {attribute.key for attribute in span.attributes},
                getattr(self._spans.get(span.parent_span_id), "name", None),
            )
            for span in self._spans.values()
        ]


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    collector, app = Collector(), web.Application()
    app.router.add_post("/v1/traces", collector.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()


async def test_what_the_bot_does_arrives_as_spans_without_any_content(telegram, tmp_path: Path, monkeypatch):
    world, url = telegram
    monkeypatch.chdir(tmp_path)
    async with collecting() as collector:
        settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": url, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        async with running(tmp_path, **settings) as (process, _line):
            world.says(PERSON, PERSON, "/search 洛阳")
            await until(lambda: answers(world) == 1)
            (tmp_path / "channel.jsonl").write_text(f'{{"chat_id": {CHANNEL}, "cadence": "daily"}}\n')
            for command in (
                "subscriptions import channel.jsonl",
                "publish --date 2026-05-10 --cadence daily",
            ):
                assert (await asyncio.to_thread(silkline, *command.split())).exit_code == 0
            await until(
                lambda: any(str(call.parameters.get("chat_id")) == str(CHANNEL) for call in world.calls)
            )
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 10) == 0
    spans = collector.found()
    assert ("update", {"update_id", "kind"}, None) in spans
    assert ("sendMessage", set(), "update") in spans
    assert ("delivery", {"delivery_id", "attempt", "outcome"}, None) in spans
    assert {"sendPhoto", "plan"} <= {name for name, _, _ in spans}
    for secret in ("洛阳", "hush", str(PERSON), str(CHANNEL), "/search"):
        assert secret.encode() not in collector.raw


async def test_an_error_is_noted_by_its_class_and_not_by_its_words():
    async def refuse(_update: Any) -> None:
        raise ValueError("the words of a person")

    async with collecting() as collector:
        tracing = Tracing(collector.url)
        with pytest.raises(ValueError, match="words"):
            await tracing.tick("plan", lambda: refuse(None))()
        await tracing.close()
    assert collector.found() == [("plan", {"error.type"}, None)]
    assert b"words" not in collector.raw


async def test_a_collector_that_is_away_is_told_once_and_holds_nothing_up(caplog):
    tracing = Tracing("http://127.0.0.1:9")
    assert tracing._provider is not None
    for _ in range(3):
        await tracing.tick("plan", lambda: asyncio.sleep(0))()
        await asyncio.to_thread(tracing._provider.force_flush)
    async with asyncio.timeout(5):
        await tracing.close()
    assert [record.getMessage() for record in caplog.records] == [
        "http://127.0.0.1:9 takes no traces: they are lost"
    ]


async def test_without_an_address_everything_stays_as_it_is():
    tracing = Tracing(None)

    async def work(_update: Any = None) -> None: ...

    assert tracing.handler(work) is work
    assert tracing.tick("plan", work) is work
    assert tracing.middlewares() == []
    await tracing.close()


def test_without_its_packages_the_start_says_so_and_goes_on(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with caplog.at_level(logging.WARNING):
        tracing = Tracing("http://127.0.0.1:4318")
    assert tracing.middlewares() == []
    assert "pip install 'silkline[tracing]'" in caplog.text


def test_a_bot_without_traces_loads_none_of_it():
    loaded = "import sys, bot.app; sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
