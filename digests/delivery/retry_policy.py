"""What an outcome means for a delivery: done, given up, or tried again and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from digests.posts import (
    Delivery,
    DeliveryState,
    Failed,
    Gone,
    Later,
    Moved,
    Outcome,
    Sent,
    Unknown,
)
from digests.subscriptions import Address

_NotSent = Later | Gone | Moved | Failed | Unknown


class OnUnknown(StrEnum):
    """What is done about a call whose outcome nobody can tell."""

    RESEND = "resend"  # nothing is lost; it may arrive twice
    SKIP = "skip"  # nothing arrives twice; it is listed and left


class DeliveryUpdate(NamedTuple):
    """What is written of a claim: the delivery's next state and what follows for its chat.

    An unknown outcome is written only while the claim is held; a known one is the truth whoever
    wrote what meanwhile. ``counts`` says whether the try counts against the attempts.
    """

    id: int
    epoch: int
    state: DeliveryState
    at: datetime
    is_known: bool = True
    counts: bool = True
    message_id: int | None = None
    reason: str | None = None
    not_before: datetime | None = None
    gone: Address | None = None
    topic_only: bool = False
    moved: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and when a delivery is tried, and how long a claim is held.

    The waits between attempts grow fourfold from ``first_wait`` to ``longest_wait``. A chat that is
    gone is asked once more after ``gone_wait``: Telegram says so, too, for a moment after a bot was
    added. A call may take ``call_limit`` and begins only while the lease outlasts it.
    """

    on_unknown: OnUnknown = OnUnknown.RESEND
    max_attempts: int = 8
    first_wait: timedelta = timedelta(seconds=5)
    longest_wait: timedelta = timedelta(hours=1)
    gone_wait: timedelta = timedelta(minutes=1)
    lease: timedelta = timedelta(seconds=120)
    call_limit: timedelta = timedelta(seconds=60)

    def may_begin(self, delivery: Delivery, now: datetime) -> bool:
        """Whether the call of a claimed delivery may still begin: held long enough, and not stale."""
        is_held = now + self.call_limit <= delivery.lease_until
        return is_held and (delivery.stale_at is None or now < delivery.stale_at)

    def settle(self, delivery: Delivery, outcome: Outcome, now: datetime) -> DeliveryUpdate:
        """The settlement of a claimed delivery."""
        if isinstance(outcome, Sent):
            done = DeliveryState.SENT
            return DeliveryUpdate(delivery.id, delivery.epoch, done, now, message_id=outcome.message_id)
        state = self._state(delivery, outcome)
        chat_id = delivery.address.chat_id
        return DeliveryUpdate(
            delivery.id,
            delivery.epoch,
            state,
            now,
            is_known=not isinstance(outcome, Unknown),
            counts=not isinstance(outcome, Later),
            reason=None if isinstance(outcome, Moved) else outcome.reason,
            not_before=now + self._wait(delivery, outcome) if state is DeliveryState.PENDING else None,
            gone=delivery.address if state is DeliveryState.GONE else None,
            topic_only=isinstance(outcome, Gone) and outcome.topic_only,
            moved=(chat_id, outcome.chat_id) if isinstance(outcome, Moved) else None,
        )

    def _state(self, delivery: Delivery, outcome: _NotSent) -> DeliveryState:
        is_last = delivery.attempt >= self.max_attempts
        match outcome:
            case Later():
                return DeliveryState.PENDING
            case Gone(reason=reason):
                return DeliveryState.GONE if is_last or reason == delivery.reason else DeliveryState.PENDING
            case Moved():
                return DeliveryState.FAILED if is_last else DeliveryState.PENDING
            case Failed(permanent=permanent):
                return DeliveryState.FAILED if permanent or is_last else DeliveryState.PENDING
            case Unknown():
                is_left = is_last or self.on_unknown is OnUnknown.SKIP
                return DeliveryState.UNKNOWN if is_left else DeliveryState.PENDING

    def _wait(self, delivery: Delivery, outcome: _NotSent) -> timedelta:
        if isinstance(outcome, Later):
            return timedelta(seconds=outcome.seconds)
        if isinstance(outcome, Moved):
            return timedelta()
        if isinstance(outcome, Gone):
            return self.gone_wait
        wait = self.first_wait
        for _ in range(1, delivery.attempt):
            wait = min(wait * 4, self.longest_wait)
        return wait
