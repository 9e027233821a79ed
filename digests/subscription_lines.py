"""Subscriptions as lines of JSON: how they leave one instance and enter another."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from digests.report.model.sourcing import Id
from digests.schedules import Cadence, Schedule
from digests.subscriptions import Address, Layout, Subscription, SubscriptionState
from digests.text import Language
from digests.timeparse import parse_time, parse_timezone


@dataclass(frozen=True, slots=True)
class LineDefaults:
    """What a line may leave out."""

    schedule: Schedule
    language: Language
    layout: Layout


def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    chat_id: int
    thread_id: int | None = None
    cadence: Cadence | None = None
    at: str | None = None
    timezone: str | None = None
    weekday: Annotated[int, Field(ge=0, le=6)] = 0
    language: Language | None = None
    layout: Layout | None = None
    silent: bool = False
    picture: bool = True
    figure_on_empty_days: bool = False
    pin: bool = False
    falls_back: bool = False
    reports: Annotated[tuple[Id, ...], AfterValidator(_in_order)] = ()
    state: SubscriptionState = SubscriptionState.ACTIVE
    paused_until: date | None = None
    subscribed_by: int | None = None


def read_subscription(line: str, defaults: LineDefaults) -> Subscription:
    """The subscription of a JSON object; what it leaves out is taken from *defaults*.

    Raises:
        ValueError: it is no JSON object, or a field is unknown or malformed; the message names it.
    """
    given = _parse(line)
    cadence = given.cadence or defaults.schedule.cadence
    weekday = given.weekday if cadence is Cadence.WEEKLY else 0
    at = defaults.schedule.at if given.at is None else parse_time(given.at)
    timezone = defaults.schedule.timezone if given.timezone is None else parse_timezone(given.timezone)
    return Subscription(
        address=Address(given.chat_id, given.thread_id or 0),
        schedule=Schedule(cadence, at, timezone, weekday),
        language=given.language or defaults.language,
        layout=given.layout or defaults.layout,
        silent=given.silent,
        picture=given.picture,
        figure_on_empty_days=given.figure_on_empty_days,
        pin=given.pin,
        falls_back=given.falls_back,
        reports=given.reports,
        state=given.state,
        paused_until=given.paused_until,
        subscribed_by=given.subscribed_by,
    )


def write_subscription(subscription: Subscription) -> str:
    """A subscription as one line of JSON, without the line's end; `read_subscription` gives it back."""
    schedule = subscription.schedule
    fields: dict[str, Any] = {
        "chat_id": subscription.address.chat_id,
        "thread_id": subscription.address.thread_id or None,
        "cadence": schedule.cadence,
        "at": f"{schedule.at:%H:%M}",
        "timezone": schedule.timezone,
        "weekday": schedule.weekday,
        "language": subscription.language,
        "layout": subscription.layout,
        "silent": subscription.silent,
        "picture": subscription.picture,
        "figure_on_empty_days": subscription.figure_on_empty_days,
        "pin": subscription.pin,
        "falls_back": subscription.falls_back,
        "reports": subscription.reports,
        "state": subscription.state,
        "paused_until": subscription.paused_until and subscription.paused_until.isoformat(),
        "subscribed_by": subscription.subscribed_by,
    }
    return json.dumps(fields, ensure_ascii=False)


def _parse(line: str) -> _Line:
    try:
        return _Line.model_validate_json(line)
    except ValidationError as error:
        problems = (
            f"{'.'.join(str(part) for part in problem['loc']) or 'the line'}: {problem['msg']}"
            for problem in error.errors()
        )
        raise ValueError("; ".join(problems)) from error
