"""What an outcome means for a delivery: done, given up, or tried again and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from digests.posts import (
    Delivery,
    DeliveryState,
    DeliveryUpdate,
    Failed,
    Gone,
    Later,
    Moved,
    Outcome,
    Sent,
    Unknown,
    is_stale,
)

_NotSent = Later | Gone | Moved | Failed | Unknown


class OnUnknown(StrEnum):
    """What is done about a call whose outcome nobody can tell."""

    RESEND = "resend"  # nothing is lost; it may arrive twice
    SKIP = "skip"  # nothing arrives twice; it is listed and left


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and when a delivery is tried, and how long a claim is held.

    The waits between attempts grow fourfold from ``first_wait`` to ``longest_wait``. A chat that is
    gone is asked once more after ``gone_wait``: Telegram says so, too, for a moment after a bot was
    added. A call may take ``call_limit`` and begins only while the lease outlasts it.

    Raises:
        ValueError: the lease is not longer than a call may take, so that no call could ever begin.
    """

    on_unknown: OnUnknown = OnUnknown.RESEND
    max_attempts: int = 8
    first_wait: timedelta = timedelta(seconds=5)
    longest_wait: timedelta = timedelta(hours=1)
    gone_wait: timedelta = timedelta(minutes=1)
    lease: timedelta = timedelta(seconds=120)
    call_limit: timedelta = timedelta(seconds=60)

    def __post_init__(self) -> None:
        if self.lease <= self.call_limit:
            raise ValueError(f"a lease of {self.lease} ends before a call that may take {self.call_limit}")

    def may_begin(self, delivery: Delivery, now: datetime) -> bool:
        """Whether the call of a claimed delivery may still begin: held long enough, and not stale.

        What is not due yet was claimed by a clock that was ahead.
        """
        is_held = now + self.call_limit <= delivery.lease_until
        return is_held and delivery.due_at <= now and not is_stale(delivery.stale_at, now)

    def apply(self, delivery: Delivery, outcome: Outcome, now: datetime) -> DeliveryUpdate:
        """What an outcome means for a claimed delivery."""
        if isinstance(outcome, Sent):
            state, attempts = DeliveryState.SENT, delivery.attempt
            return DeliveryUpdate(
                delivery.id,
                delivery.epoch,
                state,
                now,
                attempts,
                message_id=outcome.message_id,
                quiz_follows=delivery.post.quiz is not None and not delivery.is_quiz,
            )
        state, is_known = self._state(delivery, outcome), not isinstance(outcome, Unknown)
        return DeliveryUpdate(
            delivery.id,
            delivery.epoch,
            state,
            now,
            delivery.attempt - isinstance(outcome, Later),
            is_known=is_known,
            only_while_claimed=not is_known,
            reason=None if isinstance(outcome, Moved) else outcome.reason,
            not_before=now + self._wait(delivery, outcome) if state is DeliveryState.PENDING else None,
            gone=delivery.address if state is DeliveryState.GONE else None,
            topic_only=isinstance(outcome, Gone) and outcome.topic_only,
            moved=(delivery.address.chat_id, outcome.chat_id) if isinstance(outcome, Moved) else None,
        )

    def recover(self, delivery: Delivery, now: datetime) -> DeliveryUpdate:
        """The update of a claim whose holder is gone: its outcome is unknown; it may be tried at once."""
        update = self.apply(delivery, Unknown("the sender stopped while the call may have been made"), now)
        return replace(update, not_before=now) if update.state is DeliveryState.PENDING else update

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
