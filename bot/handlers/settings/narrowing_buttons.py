"""The buttons that narrow what is told: pages of kinds, places and subjects to tick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from bot.handlers.responder import Responder
from bot.telegram.callback_data import SubscriptionAction
from bot.views.buttons import fitting
from bot.views.screen import Button, Rows, in_rows
from digests.narrowing import MOST_CHOICES, Dimension
from digests.narrowing.options import Option, gone, names_of, options_of
from digests.report.library import Library
from digests.subscriptions import Subscription

#: The name of their page of the menu; the number of a page of options may follow.
NARROWING_SECTION = "only"
_ON_A_PAGE, _WIDTH = 10, 2
#: What a button carries that chooses everything.
_EVERYTHING = "="
#: A choice on the wire is this much of its hash (hexadecimal digits): its id may be too long for 64 bytes.
_HASHED = 8
_GROUPS = (
    ("Kinds", (Dimension.KIND,)),
    ("Places", (Dimension.PLACE,)),
    ("Subjects", (Dimension.SUBJECT, Dimension.THEME)),
)


class TooManyChoicesError(ValueError):
    """No further choice can be taken."""


def page_of_section(section: str) -> int | None:
    """The page of options that a section shows; None for another section."""
    number = section.removeprefix(NARROWING_SECTION)
    is_page = section.startswith(NARROWING_SECTION) and (not number or number.isdecimal())
    return int(number or 0) if is_page and len(number) <= 2 else None  # noqa: PLR2004 - digits of a page


def narrowed_by(subscription: Subscription, value: str, library: Library) -> tuple[Subscription, str] | None:
    """The subscription after a press, and the section to show; None for a button of another state.

    Raises:
        TooManyChoicesError: it has as many as it may have.
    """
    if value == _EVERYTHING:
        return replace(subscription, only=()), NARROWING_SECTION
    page, _, hashed = value[1:].partition(".")
    known = (*subscription.only, *(option.token for option in options_of(library)))
    token = next((each for each in known if _hashed(each) == hashed), None)
    if value[:1] not in {"+", "-"} or token is None:
        return None
    chosen = {*subscription.only, token} if value[0] == "+" else {*subscription.only} - {token}
    if len(chosen) > MOST_CHOICES:
        raise TooManyChoicesError
    return replace(subscription, only=tuple(sorted(chosen))), f"{NARROWING_SECTION}{page}"


@dataclass(frozen=True, slots=True)
class NarrowingButtons:
    """The options of the reports that one subscription follows."""

    responder: Responder
    subscription: Subscription
    library: Library

    def rows(self, number: int) -> Rows:
        """What is chosen and gone, the tabs, a page of options, and the way to everything."""
        pages = list(self._pages())
        if not pages:
            return ()
        number = min(number, len(pages) - 1)
        tab, options = pages[number]
        ticks = [self._tick(option.token, option.name[self.responder.language], number) for option in options]
        return (
            *in_rows(self._gone(number), 1),
            self._tabs(pages, tab),
            *in_rows(ticks, _WIDTH),
            *self._turning(pages, number),
            *self._everything(),
        )

    def _pages(self) -> Iterator[tuple[str, tuple[Option, ...]]]:
        told = [option for option in options_of(self.library) if option.is_told]
        for tab, dimensions in _GROUPS:
            options = [option for option in told if option.dimension in dimensions]
            for first in range(0, len(options), _ON_A_PAGE):
                yield tab, tuple(options[first : first + _ON_A_PAGE])

    def _gone(self, number: int) -> list[Button]:
        tokens = gone(self.library, self.subscription.only)
        names = names_of(self.library, tokens, self.responder.language)
        return [self._tick(token, f"⚠️ {name}", number) for token, name in zip(tokens, names, strict=True)]

    def _tick(self, token: str, name: str, number: int) -> Button:
        is_on = token in self.subscription.only
        value = f"{'-' if is_on else '+'}{number}.{_hashed(token)}"
        return Button(
            fitting(f"{'☑' if is_on else '☐'} {name}"), self._data(SubscriptionAction.NARROW, value)
        )

    def _tabs(self, pages: list[tuple[str, tuple[Option, ...]]], open_tab: str) -> tuple[Button, ...]:
        first = {tab: number for number, (tab, _) in reversed(list(enumerate(pages)))}
        say = self.responder.say
        return tuple(
            self._open(f"• {say(tab)} •" if tab == open_tab else say(tab), number)
            for tab, number in sorted(first.items(), key=lambda each: each[1])
        )

    def _turning(self, pages: list[tuple[str, tuple[Option, ...]]], number: int) -> Rows:
        same = [place for place, (tab, _) in enumerate(pages) if tab == pages[number][0]]
        back = [self._open("‹", number - 1)] if number - 1 in same else []
        on = [self._open("›", number + 1)] if number + 1 in same else []
        return ((*back, *on),) if back or on else ()

    def _everything(self) -> Rows:
        if not self.subscription.only:
            return ()
        label = f"✳️ {self.responder.say('Tell everything')}"
        return ((Button(label, self._data(SubscriptionAction.NARROW, _EVERYTHING)),),)

    def _open(self, label: str, number: int) -> Button:
        return Button(label, self._data(SubscriptionAction.OPEN_SECTION, f"{NARROWING_SECTION}{number}"))

    def _data(self, action: SubscriptionAction, value: str) -> str:
        return self.responder.signed(action, self.subscription.address, value)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()[:_HASHED]
