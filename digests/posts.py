"""What is posted, to whom, and what may come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from markupsafe import Markup

from digests.questions import Question
from digests.subscriptions import Address, Layout, Subscription, Theme
from digests.text import Language


class PostKind(StrEnum):
    """What a post tells, which decides who gets it."""

    RECALL = "recall"
    FIGURE = "figure"  # only for subscriptions that want a figure on empty days


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads the same post.

    That is a language, the reports followed (none: all), what it is narrowed to, and whether a quiz follows.
    """

    language: Language
    reports: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    quiz: bool = False

    @classmethod
    def of(cls, subscription: Subscription) -> Self:
        """The audience that a subscription belongs to."""
        return cls(subscription.language, subscription.reports, subscription.only, subscription.quiz)


@dataclass(frozen=True, slots=True)
class Post:
    """What an occasion tells in one language, the same for all its readers.

    ``html`` is a neutral page, ``picture`` a key that the messenger knows, ``facts`` the ids of the
    facts in it; ``quiz`` is sent after it.
    """

    kind: PostKind
    html: Markup
    picture: str | None
    facts: tuple[str, ...]
    quiz: Question | None = None


#: What the occasion of a quiz's delivery begins with: it follows that of the digest.
QUIZ_MARK = "q:"


class DeliveryState(StrEnum):
    """Where a delivery stands; only the first two will change by themselves."""

    PENDING = "pending"
    SENDING = "sending"  # claimed: the call may have begun
    SENT = "sent"
    SKIPPED = "skipped"  # stale, or no longer wanted
    GONE = "gone"  # the chat cannot be reached
    FAILED = "failed"  # refused as often as was tried
    UNKNOWN = "unknown"  # nobody can tell whether it arrived


@dataclass(slots=True)  # a frozen one takes twice as long to make, and each post makes one
class Delivery:
    """One post on its way to one address, claimed for sending; never changed, but replaced.

    ``epoch`` counts the claims of this delivery: an update names the claim that it is about.
    ``attempt`` counts the tries whose outcome was a refusal or unknown, this one included;
    ``reason`` is what the try before this one ended with. With ``is_quiz`` it brings the post's quiz.
    A call must not begin after ``stale_at`` (None: never stale) nor when ``lease_until`` is near.
    """

    id: int
    epoch: int
    attempt: int
    address: Address
    language: Language
    layout: Layout
    post_id: int
    post: Post
    silent: bool
    picture: bool
    timezone: str
    due_at: datetime
    stale_at: datetime | None
    lease_until: datetime
    pin: bool = False
    falls_back: bool = False
    lost_topic: int = 0  # for which it was, when it falls back
    theme: Theme | None = None
    is_quiz: bool = False
    reason: str | None = None


@dataclass(slots=True)  # a frozen one takes twice as long to make, and each post makes one
class DeliveryUpdate:
    """What is written of a claim: the delivery's next state, and what follows for its chat; never changed.

    A known outcome is true whoever wrote what meanwhile; one that ``is_known`` is not, and a claim
    given back without a call, are written ``only_while_claimed``. ``attempts`` is how many tries the
    delivery has had in all: writing an update twice changes nothing. With ``quiz_follows`` the post's quiz
    is queued along with it.
    """

    id: int
    epoch: int
    state: DeliveryState
    at: datetime
    attempts: int
    is_known: bool = True
    only_while_claimed: bool = False
    message_id: int | None = None
    reason: str | None = None
    not_before: datetime | None = None
    gone: Address | None = None
    topic_only: bool = False
    moved: tuple[int, int] | None = None
    quiz_follows: bool = False


def given_back(delivery: Delivery, now: datetime) -> DeliveryUpdate:
    """The update of a claim whose call was not made; one that a clock ahead claimed waits until it is due."""
    return DeliveryUpdate(
        delivery.id,
        delivery.epoch,
        DeliveryState.PENDING,
        now,
        delivery.attempt - 1,
        only_while_claimed=True,
        reason=delivery.reason,
        not_before=delivery.due_at if delivery.due_at > now else None,
    )


def is_stale(stale_at: datetime | None, now: datetime) -> bool:
    """Whether it is too late at *now* to send what must be sent before *stale_at* (None: never)."""
    return stale_at is not None and stale_at <= now


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived, as this message of the chat."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing is wrong but the moment: to be tried again after so many seconds."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The chat, or only its topic, cannot be reached until somebody lets the bot in again."""

    reason: str
    topic_only: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another id now; nothing was sent."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Failed:
    """It was refused, so it certainly did not arrive; ``permanent`` when no retry can help."""

    reason: str
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The call began and nobody can tell how it ended."""

    reason: str


Outcome = Sent | Later | Gone | Moved | Failed | Unknown
