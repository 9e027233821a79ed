"""Subscriptions as lines of JSON: how they leave one instance and enter another."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model

from digests.inputs.dates import LONGEST_PAUSE_DAYS
from digests.inputs.times import read_time
from digests.inputs.zones import is_iana_name, read_zone
from digests.narrowing import MOST_CHOICES, Dimension
from digests.report.model.sourcing import Id
from digests.schedules import Cadence, Schedule
from digests.subscription_settings import SWITCHES, choice_values, switch_values
from digests.subscriptions import Address, Layout, Subscription, SubscriptionState, Theme
from digests.text import Language


@dataclass(frozen=True, slots=True)
class LineDefaults:
    """What a line may leave out."""

    schedule: Schedule
    language: Language
    layout: Layout


def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def _not_zero(chat_id: int) -> int:
    if chat_id == 0:
        raise ValueError("no chat has the number 0")
    return chat_id


#: What Telegram numbers chats and people with: at most 52 bits.
_LARGEST_ID = 2**52 - 1
_Number = Annotated[int, Field(strict=True, ge=-_LARGEST_ID, le=_LARGEST_ID)]
_Words = Annotated[str, Field(max_length=64)]

#: A choice of `digests.narrowing`; it may be of a report that is not here.
_Token = Annotated[str, Field(pattern=rf"^(?:{'|'.join(Dimension)}):[a-z0-9-]{{1,40}}$")]

_LONGEST_LINE = 16_384
_MOST_REPORTS = 64
#: Earlier than any subscription; a pause that is over does no harm.
_EARLIEST_PAUSE = date(2000, 1, 1)


class _Fields(BaseModel):
    """The keys of a line but for the switches, which follow from their table."""

    model_config = ConfigDict(extra="forbid")

    chat_id: Annotated[_Number, AfterValidator(_not_zero)]
    thread_id: Annotated[_Number, Field(ge=0)] | None = None
    cadence: Cadence | None = None
    at: _Words | None = None
    timezone: _Words | None = None
    weekday: Annotated[int, Field(strict=True, ge=0, le=6)] = 0
    language: Language | None = None
    layout: Layout | None = None
    theme: Theme | None = None
    reports: Annotated[tuple[Id, ...], Field(max_length=_MOST_REPORTS), AfterValidator(_in_order)] = ()
    only: Annotated[tuple[_Token, ...], Field(max_length=MOST_CHOICES), AfterValidator(_in_order)] = ()
    state: SubscriptionState = SubscriptionState.ACTIVE
    paused_until: Annotated[date, Field(ge=_EARLIEST_PAUSE)] | None = None
    subscribed_by: Annotated[_Number, Field(ge=1)] | None = None


_SWITCHES: dict[str, Any] = {switch.name: (bool, switch.default) for switch in SWITCHES}
_Line = create_model("_Line", __base__=_Fields, **_SWITCHES)


def read_subscription(line: str, defaults: LineDefaults, today: date) -> Subscription:
    """The subscription of a JSON object; what it leaves out is taken from *defaults*.

    Raises:
        ValueError: it is no JSON object, or a field is unknown, malformed or out of bounds; the message
            names it.
    """
    given = _parse(line)
    _check_pause(given.paused_until, today)
    cadence = given.cadence or defaults.schedule.cadence
    weekday = given.weekday if cadence is Cadence.WEEKLY else 0
    at = defaults.schedule.at if given.at is None else read_time(given.at)
    timezone = defaults.schedule.timezone if given.timezone is None else _zone(given.timezone)
    return Subscription(
        address=Address(given.chat_id, given.thread_id or 0),
        schedule=Schedule(cadence, at, timezone, weekday),
        language=given.language or defaults.language,
        layout=given.layout or defaults.layout,
        theme=given.theme,
        **switch_values(given),
        reports=given.reports,
        only=given.only,
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
        **choice_values(subscription),
        **switch_values(subscription),
        "reports": subscription.reports,
        "only": subscription.only,
        "state": subscription.state,
        "paused_until": subscription.paused_until and subscription.paused_until.isoformat(),
        "subscribed_by": subscription.subscribed_by,
    }
    return json.dumps(fields, ensure_ascii=False)


def _zone(name: str) -> str:
    """A zone as an export writes it, else as people write it."""
    return name if is_iana_name(name) else read_zone(name)


def _check_pause(until: date | None, today: date) -> None:
    latest = today + timedelta(days=LONGEST_PAUSE_DAYS)
    if until is not None and until > latest:
        raise ValueError(f"paused_until: a pause ends by {latest} at the latest")


def _parse(line: str) -> _Fields:
    if len(line) > _LONGEST_LINE:
        raise ValueError(f"the line: it is longer than {_LONGEST_LINE} characters")
    try:
        return _Line.model_validate_json(line)
    except ValidationError as error:
        problems = (
            f"{'.'.join(str(part) for part in problem['loc']) or 'the line'}: {problem['msg']}"
            for problem in error.errors()
        )
        raise ValueError("; ".join(problems)) from error
