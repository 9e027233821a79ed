from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from markupsafe import Markup

from bot.playground.clock import TimeTravel
from digests.delivery.clock import ShiftedClock
from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.posts import Audience, Delivery, Post, PostKind, Sent
from digests.schedules import Cadence, Occasion, Schedule
from digests.store import Store
from digests.subscriptions import Address, Subscription
from digests.text import Language

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


class EvenDays:
    """Tells something on every day of an even number."""

    def compose(self, occasion: Occasion, audience: Audience) -> Post | None:
        if occasion.first_day.day % 2:
            return None
        return Post(PostKind.RECALL, Markup("<p>{} {}</p>").format(occasion.key, audience.language), None, ())


class Recorder:
    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, delivery: Delivery) -> Sent:
        self.sent.append(delivery.post.html)
        return Sent(len(self.sent))


@pytest.fixture
async def travel(store: Store):
    clock = ShiftedClock()
    clock.set(START)
    recorder, travel = Recorder(), TimeTravel(clock)
    travel.take_along(store, Planner(store, EvenDays()), Sender(store, recorder, clock.now))
    subscription = Subscription(Address(-1), Schedule(Cadence.DAILY, time(9), "UTC"), Language.EN)
    await store.subscriptions.put(subscription, clock.now())
    return travel, recorder


def told(*days: int) -> list[str]:
    return [f"<p>daily:{date(2026, 5, day)} en</p>" for day in days]


async def test_on_the_way_forward_every_post_goes_out_in_its_turn(travel):
    travel, recorder = travel
    steps: list[tuple[date, int]] = []
    await travel.move(START + timedelta(days=5), lambda reached, sent: steps.append((reached.date(), sent)))
    assert recorder.sent == told(2, 4, 6)
    assert steps == [(date(2026, 5, day), day // 2) for day in range(2, 7)] + [(date(2026, 5, 6), 3)]
    assert abs(travel.now() - (START + timedelta(days=5))) < timedelta(seconds=5)


async def test_moved_back_the_same_days_are_told_again(travel):
    travel, recorder = travel
    nothing = lambda _reached, _sent: None  # noqa: E731 - a name for nothing
    await travel.move(START + timedelta(days=5), nothing)
    await travel.move(START + timedelta(days=2), nothing)
    assert await travel.next_due() == datetime(2026, 5, 4, 9, tzinfo=UTC)
    await travel.move(START + timedelta(days=5), nothing)
    assert recorder.sent == told(2, 4, 6, 4, 6)


async def test_what_falls_due_as_the_clock_goes_on_is_sent_too(travel):
    travel, recorder = travel
    await travel.move(datetime(2026, 5, 2, 8, 59, 59, 900_000, tzinfo=UTC), lambda _reached, _sent: None)
    assert recorder.sent == []
    while await travel.next_due() == datetime(2026, 5, 2, 9, tzinfo=UTC):
        await travel.catch_up()
    assert recorder.sent == told(2)


async def test_without_anything_taken_along_the_clock_still_moves():
    travel = TimeTravel(ShiftedClock())
    assert await travel.next_due() is None
    await travel.move(START, lambda _reached, _sent: None)
    assert abs(travel.now() - START) < timedelta(seconds=5)
