"""``silkline preview``: what a chat would get."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from markupsafe import Markup

from bot.cli.parameters import CADENCE, DAY, command_settings, echo_json
from bot.errors import OperatorError
from bot.settings import Settings
from bot.startup import ensure_font, loaded_library_holder, temporary_store
from bot.views.classic import classic_messages
from bot.views.plain_text import plain_rich_text, plain_text
from bot.views.rich import rich_messages
from digests.composing.post_composer import PostComposer
from digests.pages import Pages
from digests.pictures import Context, Theme
from digests.posts import Audience, Post, PostKind
from digests.report.library import Library
from digests.schedules import Cadence, Occasion
from digests.subscriptions import Layout
from digests.text import Language


@click.command()
@click.option("--date", "day", type=DAY, required=True, help="Such as 2026-05-10.")
@click.option("--cadence", type=CADENCE, help="DEFAULT_CADENCE if left out.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="DEFAULT_LANGUAGE if left out.")
@click.option("--layout", type=click.Choice(["classic", "rich"]), help="DEFAULT_LAYOUT if left out.")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "png", "json"]), default="text", show_default=True
)
@click.option("--days", type=click.IntRange(1, 3660), default=1, help="What falls into so many days.")
@click.option(
    "--theme", type=click.Choice(["light", "dark"]), help="Of --format png; PICTURE_THEME if left out."
)
def preview(
    *,
    day: datetime,
    cadence: str | None,
    lang: str | None,
    layout: str | None,
    form: str,
    days: int,
    theme: str | None,
) -> None:
    """Show exactly what a chat would get, for any date.

    --format png writes the card to standard output (> card.png); with several occasions in --days each
    to a file here, named after its occasion.
    """
    settings = command_settings()
    wanted = list(occasions(Cadence(cadence or settings.default_cadence), day.date(), days))
    language = Language(lang or settings.default_language)
    if form == "png":
        _draw_cards(settings, wanted, language, Theme(theme or settings.picture_theme))
        return
    shown = Layout(layout or settings.default_layout)
    posts, _ = asyncio.run(_posts(settings, wanted, language))
    if form == "json":
        echo_json([_entry(*each, shown) for each in posts])
        return
    for occasion, post in posts:
        click.echo(_shown(occasion, post, form, shown))


def _draw_cards(settings: Settings, wanted: list[Occasion], language: Language, theme: Theme) -> None:
    """Write the cards of the posts: one occasion's to standard output, those of several to files.

    Raises:
        OperatorError: there is nothing to draw, no font, or standard output is a terminal.
    """
    ensure_font()
    posts, library = asyncio.run(_posts(settings, wanted, language))
    context = Context(library, language, theme, Pages())
    keys = {occasion: post.picture for occasion, post in posts if post and post.picture}
    if not keys:
        raise OperatorError("nothing to recall then: no card is sent")
    if len(wanted) == 1:
        _write_out(context, keys[wanted[0]])
        return
    for occasion, key in keys.items():
        file = Path(f"{occasion.key.replace(':', '-')}-{language}.png")
        file.write_bytes(_drawn(context, key))
        click.echo(file)


def _write_out(context: Context, key: str) -> None:
    if sys.stdout.isatty():
        raise OperatorError("a picture is no text for a terminal: add > card.png")
    click.echo(_drawn(context, key), nl=False)


def _drawn(context: Context, key: str) -> bytes:
    from digests.pictures.gallery import draw  # noqa: PLC0415 - brings matplotlib, which only pictures need

    return draw(context, key)


def occasions(cadence: Cadence, day: date, days: int) -> Iterator[Occasion]:
    """The occasions of *day* and of the days after it; a week begins on *day*'s own weekday."""
    last = min(day.toordinal() + days - 1, date.max.toordinal())
    occasion = Occasion.containing(cadence, day, day.weekday())
    yield occasion
    while occasion.last_day.toordinal() < last:
        occasion = occasion.following
        yield occasion


async def _posts(
    settings: Settings, wanted: list[Occasion], language: Language
) -> tuple[list[tuple[Occasion, Post | None]], Library]:
    async with temporary_store() as store:
        library_holder = await loaded_library_holder(store, settings)
        composer = PostComposer(lambda: library_holder.current, Pages())
        posts = [(occasion, composer.compose(occasion, Audience(language))) for occasion in wanted]
        return posts, library_holder.current


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


def _messages(post: Post, layout: Layout) -> list[Markup]:
    return rich_messages(post.html) if layout is Layout.RICH else classic_messages(post.html)
