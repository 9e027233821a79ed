"""What ``/metrics`` shows is what happened, and nothing that anybody would rather not show."""

from __future__ import annotations

import logging

import pytest
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Update
from prometheus_client.parser import text_string_to_metric_families

from bot.ops.metrics import CountedMessenger, Metrics
from bot.telegram.rate_limiter import Lane
from digests.posts import Gone, Later, Sent
from tests.integration.scripted_api import message, refusal, scripted, speaking
from tests.integration.small_world import Postman

UPDATE = Update.model_construct(update_id=1)


def shown(metrics: Metrics, **readings: float) -> dict[str, float]:
    """Each sample by its name and labels."""
    families = text_string_to_metric_families(metrics.show(readings).decode())
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


async def test_updates_are_counted_and_timed():
    metrics = Metrics()

    async def fine(_update: Update) -> None:
        return

    async def broken(_update: Update) -> None:
        raise LookupError

    await metrics.counted(fine)(UPDATE)
    with pytest.raises(LookupError):
        await metrics.counted(broken)(UPDATE)
    found = shown(metrics)
    assert (found["silkline_update_seconds_count"], found["silkline_update_failures_total"]) == (1, 1)


async def test_calls_are_counted_by_method_and_outcome():
    answers = [
        message(1),
        refusal(429, "Too Many Requests", retry_after=5),
        refusal(403, "Forbidden"),
    ]
    metrics = Metrics()
    async with (
        scripted(lambda *_: answers.pop(0)) as api,
        speaking(api.url, count=metrics.called, lane=Lane.BROADCAST) as bot,
    ):
        await bot.send_message(1, "x")
        for chat in (2, 3):
            with pytest.raises(TelegramAPIError):
                await bot.send_message(chat, "x")
    found = shown(metrics)
    outcomes = ("ok", "too_many", "refused")
    assert [found[f"silkline_calls_total sendMessage {outcome}"] for outcome in outcomes] == [1, 1, 1]
    assert found["silkline_call_seconds_count sendMessage"] == 3


def test_what_may_happen_has_a_counter_before_it_does():
    found = shown(Metrics())
    assert found["silkline_deliveries_total failed"] == 0
    assert found["silkline_calls_total sendMessage ok"] == 0


async def test_statements_are_timed(store):
    metrics = Metrics()
    store.observe(metrics.statement_took)
    await store.files.put(7, "card", "id")
    assert shown(metrics)["silkline_statement_seconds_count"] >= 1


async def test_deliveries_are_counted_by_outcome():
    metrics, beats = Metrics(), []
    messenger = CountedMessenger(
        Postman(Sent(1), Gone("blocked"), Later(1, "x")), metrics, lambda: beats.append(1)
    )
    for _ in range(3):
        await messenger.send(_Delivery())  # type: ignore[arg-type] # the postman does not read it
    found = shown(metrics)
    assert [found[f"silkline_deliveries_total {outcome}"] for outcome in ("sent", "gone", "later")] == [
        1,
        1,
        1,
    ]
    assert len(beats) == 3


class _Delivery:
    id = 1


def test_lines_of_the_log_and_readings_are_shown():
    metrics = Metrics()
    for level in (logging.WARNING, logging.ERROR, logging.CRITICAL):
        metrics.log_handler.handle(logging.LogRecord("x", level, "", 1, "hush", (), None))
    found = shown(metrics, ready=1, outbox_age_seconds=12.5)
    assert found["silkline_log_lines_total warning"] == 1
    assert found["silkline_log_lines_total error"] == 2
    assert (found["silkline_ready"], found["silkline_outbox_age_seconds"]) == (1, 12.5)
    assert "hush" not in metrics.show({}).decode()
