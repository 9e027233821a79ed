"""What a subscription has to get, worked out from its settings alone, and which post a message is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from digests.composing.post_composer import PostComposer
from digests.pages import Pages
from digests.posts import Audience, Post, PostKind
from digests.report.library import Library
from digests.schedules import Occasion, next_due
from digests.subscriptions import Subscription, SubscriptionState
from digests.text import Language
from tests.integration.bot_world import report

#: So many characters of a message hold its first two headings; without the second one the posts of a month
#: are the same in every year.
_BEGINNING = 200


@cache
def post_of(occasion: Occasion, language: Language) -> Post | None:
    """The post that tells an occasion, if there is anything to tell."""
    return _composer().compose(occasion, Audience(language, ()))


@cache
def _composer() -> PostComposer:
    library = Library([report()])
    return PostComposer(lambda: library, Pages())


def due(subscription: Subscription, began: datetime, ended: datetime) -> Iterator[Occasion]:
    """The occasions that a subscription has to be told between two instants."""
    if subscription.state is not SubscriptionState.ACTIVE:
        return
    at = next_due(subscription.schedule, began)
    while at.at <= ended:
        post = post_of(at.occasion, subscription.language)
        is_wanted = post is not None and (
            post.kind is not PostKind.FIGURE or subscription.figure_on_empty_days
        )
        paused = subscription.paused_until
        if is_wanted and (paused is None or paused <= at.occasion.first_day):
            yield at.occasion
        at = next_due(subscription.schedule, at.at)


def headings(occasion: Occasion, language: Language) -> list[str]:
    """What a message of an occasion is headed by: what it tells, and how long ago; nothing without a post."""
    post = post_of(occasion, language)
    found = re.findall(r"<h[12]>(.*?)</h[12]>", post.html if post else "")
    return [html.unescape(re.sub(r"<[^>]+>", "", each)) for each in found[:2]]


def told_by(text: str, subscription: Subscription, began: datetime, ended: datetime) -> Occasion | None:
    """The occasion of a subscription, in its language, that a message tells."""
    begins = text[:_BEGINNING]
    at = next_due(subscription.schedule, began - timedelta(days=40))
    while at.at <= ended:
        expected = headings(at.occasion, subscription.language)
        if expected and all(each in begins for each in expected):
            return at.occasion
        at = next_due(subscription.schedule, at.at)
    return None
