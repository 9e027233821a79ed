"""What is known at the end of a run of chaos: what was due, what arrived, who asked, what broke and when."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digests.schedules import Occasion
from digests.store.outbox.records import DeliveryRecord
from digests.subscriptions import Subscription
from tests.chaos.expected import due, told_by
from tests.chaos.people import People
from tests.chaos.plan import Fault, Kind, Plan
from tests.chaos.process import Reading
from tests.chaos.telegram import Arrival, Telegram

#: A post that somebody has to get: the chat, and the name of the occasion.
Telling = tuple[int, str]

#: Outcomes are written this soon, and at the latest so long after the database is back (seconds).
_WRITTEN_WITHIN, _WRITTEN_AGAIN = 1.0, 4.0

#: How long a call of a process that was killed may still be on its way (seconds).
_ON_THE_WAY = 0.5

_LEFT = re.compile(r"(\d+) updates of (-?\d+) came faster than they may be answered")

#: What is logged when not even the word got through that an answer may not have arrived.
_WORDLESS = re.compile(r"a refusal or an error was not told in (-?\d+): HTTP Client says - ")

#: During these no outcome can be written by whoever has it.
_UNWRITABLE = (Kind.FULL_DISK, Kind.LOCK, Kind.CUT, Kind.RESTART)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault as it happened, by the steady clock (seconds)."""

    fault: Fault
    began: float
    ended: float

    def __str__(self) -> str:
        return f"{self.began:.2f}-{self.ended:.2f}: {self.fault}"


@dataclass(slots=True)
class Evidence:
    """All that invariants look at."""

    plan: Plan
    telegram: Telegram
    people: People
    subscriptions: Mapping[int, Subscription]
    began: datetime
    ended: datetime = datetime.max
    troubles: list[Trouble] = field(default_factory=list)
    records: dict[Telling, DeliveryRecord] = field(default_factory=dict)
    settings: dict[int, Subscription] = field(default_factory=dict)
    logs: str = ""
    secrets: tuple[str, ...] = ()
    readings: list[tuple[Reading, Reading]] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)

    def due(self) -> set[Telling]:
        """Every post that was due."""
        return {
            (chat_id, occasion.key)
            for chat_id, subscription in self.subscriptions.items()
            for occasion in due(subscription, self.began, self.ended)
        }

    def arrived(self) -> dict[Telling, list[Arrival]]:
        """The messages that told each post, in order."""
        found: dict[Telling, list[Arrival]] = defaultdict(list)
        for arrival in self.telegram.arrivals:
            occasion = self.occasion_of(arrival)
            if occasion is not None:
                found[arrival.chat_id, occasion.key].append(arrival)
        return found

    def occasion_of(self, arrival: Arrival) -> Occasion | None:
        """What a message to a subscriber tells; None when it tells nothing of these days."""
        subscription = self.subscriptions.get(arrival.chat_id)
        if subscription is None:
            return None
        return told_by(arrival.text, subscription, self.began, self.ended + timedelta(days=1))

    def has(self, kind: Kind) -> bool:
        """Whether a kind of fault happened."""
        return any(trouble.fault.kind is kind for trouble in self.troubles)

    def left(self) -> Counter[int]:
        """How many questions of each chat came too fast, and were left with one word, as the logs say."""
        counts: Counter[int] = Counter()
        for number, chat_id in _LEFT.findall(self.logs):
            counts[int(chat_id)] += int(number)
        return counts

    def wordless(self) -> Counter[int]:
        """How many words instead of an answer did not get through to each chat, as the logs say."""
        return Counter(map(int, _WORDLESS.findall(self.logs)))

    def is_in_doubt(self, arrival: Arrival) -> bool:
        """Whether the bot may not have kept what came of a call: it was cut off, killed or frozen."""
        return arrival.is_cut or any(
            began <= arrival.at <= ended for began, ended in map(self._doubtful, self.troubles)
        )

    def _doubtful(self, trouble: Trouble) -> tuple[float, float]:
        """From when to when calls arrived whose outcome a fault may have taken; an empty time for none."""
        match trouble.fault.kind:
            case Kind.KILL:
                ended = trouble.began + _ON_THE_WAY
            case Kind.FREEZE | Kind.CUT | Kind.RESTART if self.plan.instances > 1:
                ended = trouble.ended  # another instance takes over what this one cannot settle
            case _:
                return (0.0, -1.0)
        return self._written_since(trouble.began), ended

    def _written_since(self, at: float) -> float:
        """Since when outcomes may not have been written at an instant."""
        waiting = [
            other.began
            for other in self.troubles
            if other.fault.kind in _UNWRITABLE and other.began <= at <= other.ended + _WRITTEN_AGAIN
        ]
        return min([at, *waiting]) - _WRITTEN_WITHIN

    def was_ahead(self, at: float) -> bool:
        """Whether an instance's clock was ahead at a moment, or just before it."""
        return any(
            trouble.fault.kind is Kind.CLOCK
            and trouble.fault.size > 0
            and trouble.began <= at <= trouble.ended + 10
            for trouble in self.troubles
        )
