"""What stands under a digest: more on it, a way to share it and to report an error; in private, its end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram.callback_data import StopCallback, StopTopicCallback
from bot.telegram.calls.prepared import PreparedKeyboard, ready
from bot.telegram.client import LaneBot
from bot.telegram.deep_links import LinkKind, occasion_payload, opening, sharing
from digests.composing.digest import compose
from digests.library_holder import LibraryHolder
from digests.pages import Pages
from digests.pages.figures import figure_text
from digests.pages.formatting import format_date
from digests.pages.headings import digest_heading
from digests.posts import Delivery, Post
from digests.report.library import Library, UnknownFact
from digests.schedules import Occasion
from digests.text import Language

_CACHED = 256


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a post is about: the payload that opens it, the one that reports it, and its words."""

    opens: str
    reports: str
    words: str


class PostKeyboard:
    """One keyboard for each post, language and kind of chat, encoded once for all its subscribers.

    The buttons are links, as a channel's readers need them: a pressed link opens the reader's own
    private chat with *bot*; there are none while its name is not known.
    """

    def __init__(self, pages: Pages, library_holder: LibraryHolder, bot: LaneBot) -> None:
        self._pages = pages
        self._library_holder = library_holder
        self._bot = bot
        self._made = lru_cache(_CACHED)(self._keyboard)

    def of(self, delivery: Delivery) -> PreparedKeyboard | None:
        """The keyboard of a post; a preview or sample, which is no delivery, cannot be unsubscribed."""
        is_ended_here = delivery.address.chat_id > 0 and delivery.id != 0
        topic = delivery.lost_topic or delivery.address.thread_id
        ends = topic if is_ended_here else None
        return self._made(delivery.post, delivery.language, self._bot.username, ends)

    def _keyboard(
        self,
        post: Post,
        language: Language,
        username: str,
        ends: int | None,
    ) -> PreparedKeyboard | None:
        rows = self._links(post, language, username)
        if ends is not None:
            label = "🚫 " + self._pages.say(language, "Unsubscribe")
            stop = StopTopicCallback(thread_id=ends) if ends else StopCallback()
            rows.append([InlineKeyboardButton(text=label, callback_data=stop.pack())])
        return ready(InlineKeyboardMarkup(inline_keyboard=rows)) if rows else None

    def _links(self, post: Post, language: Language, username: str) -> list[list[InlineKeyboardButton]]:
        subject = _subject_of(self._library_holder.current, post, language)
        if subject is None or not username:
            return []
        more = opening(username, subject.opens)
        links = {
            "More on this": more,
            "Share this": sharing(more, subject.words),
            "Report an error": opening(username, subject.reports),
        }
        first, second, third = (
            InlineKeyboardButton(text=self._pages.say(language, label), url=url)
            for label, url in links.items()
        )
        return [[first, second], [third]]


def _subject_of(library: Library, post: Post, language: Language) -> _Subject | None:
    """None for a post whose facts are no longer told."""
    told = [fact for fact in post.facts if _is_milestone(library, fact)]
    try:
        if len(told) > 1:
            return _of_occasion(library, post, language)
        if told:
            milestone = library.milestone(told[0])
            dated = format_date(milestone.date, language)
            return _of_fact(LinkKind.MILESTONE, milestone.id, f"{dated} · {milestone.title[language]}")
        figure = library.observation(post.facts[0])
        return _of_fact(LinkKind.FIGURE, figure.id, figure_text(library, figure, language).line)
    except (IndexError, UnknownFact, ValueError):
        return None


def _is_milestone(library: Library, fact_id: str) -> bool:
    try:
        library.milestone(fact_id)
    except UnknownFact:
        return False
    return True


def _of_fact(kind: LinkKind, fact_id: str, words: str) -> _Subject:
    return _Subject(f"{kind}-{fact_id}", f"{LinkKind.ERROR}-{fact_id}", words)


def _of_occasion(library: Library, post: Post, language: Language) -> _Subject | None:
    """Of a post that tells several milestones."""
    key, _, followed = (post.picture or "").removeprefix("digest:").partition("@")
    occasion = Occasion.parse(key)
    digest = compose(library.following(tuple(followed.split(",")) if followed else ()), occasion)
    if digest is None:
        return None
    written, first = occasion_payload(occasion), digest.items[0].milestone.title[language]
    words = f"{digest_heading(digest, language)} · {first} +{len(digest.items) - 1}"
    return _Subject(f"{LinkKind.OCCASION}-{written}", f"{LinkKind.ERROR}-{written}", words)
