"""``silkline preview``: what a chat would get."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import click

from bot.classic import classic_messages
from bot.faults import Fault
from bot.opening import filled_shelf, opened_store
from bot.plain import plain_rich_text, plain_text
from bot.rich import rich_messages
from bot.settings import Settings, load_settings
from digests.composing import PostComposer
from digests.pages import Pages
from digests.posts import Audience, Post, PostKind
from digests.schedules import Cadence, Occasion
from digests.subscriptions import Layout
from digests.text import Language

#: A preview reads the packs as they are on disk, and leaves no trace.
_IN_MEMORY = "sqlite+aiosqlite://"


def preview(
    day: date, days: int, form: str, *, cadence: str | None, language: str | None, layout: str | None
) -> None:
    """Print the posts of the occasions that begin within *days* from *day*."""
    settings = load_settings()
    if form == "png":
        raise Fault("pictures cannot be previewed yet: use --format text, html or json")
    shown = Layout(layout or settings.default_layout)
    wanted = list(occasions(Cadence(cadence or settings.default_cadence), day, days))
    posts = asyncio.run(_posts(settings, wanted, Language(language or settings.default_language)))
    if form == "json":
        click.echo(json.dumps([_entry(*each, shown) for each in posts], ensure_ascii=False, indent=2))
        return
    for occasion, post in posts:
        click.echo(_shown(occasion, post, form, shown))


def occasions(cadence: Cadence, day: date, days: int) -> Iterator[Occasion]:
    """The occasions of *day* and of the days after it; a week begins on *day*'s own weekday."""
    occasion = Occasion.containing(cadence, day, day.weekday())
    while occasion.first_day < day + timedelta(days=days):
        yield occasion
        occasion = occasion.following


async def _posts(
    settings: Settings, wanted: list[Occasion], language: Language
) -> list[tuple[Occasion, Post | None]]:
    async with opened_store(_IN_MEMORY) as store:
        shelf = await filled_shelf(store, settings)
        composer = PostComposer(lambda: shelf.current, Pages())
        return [(occasion, composer.compose(occasion, Audience(language))) for occasion in wanted]


def _entry(occasion: Occasion, post: Post | None, layout: Layout) -> dict[str, Any]:
    if post is None:
        return {"occasion": occasion.key, "kind": None, "facts": [], "messages": []}
    messages = _messages(post, layout)
    return {"occasion": occasion.key, "kind": post.kind, "facts": post.facts, "messages": messages}


def _shown(occasion: Occasion, post: Post | None, form: str, layout: Layout) -> str:
    if post is None:
        return f"[{occasion.key}] nothing to recall: no message is sent\n"
    messages = _messages(post, layout)
    plain = plain_rich_text if layout is Layout.RICH else plain_text
    texts = messages if form == "html" else [plain(message) for message in messages]
    heading = f"[{occasion.key}]"
    if post.kind is PostKind.FIGURE:
        heading += " nothing to recall; who asked for a figure on such days gets:"
    return "\n".join([heading, *texts, ""])


def _messages(post: Post, layout: Layout) -> list[str]:
    return rich_messages(post.html) if layout is Layout.RICH else classic_messages(post.html)
