"""What the bot says of itself before anybody pressed Start, in each language; set only where it changed."""

from __future__ import annotations

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from digests.pages import Pages
from digests.text import Language

log = logging.getLogger(__name__)


async def set_profile(bot: Bot, pages: Pages) -> int:
    """Set description and short description; how many were changed.

    Those without a language are in English: Telegram shows them to whose language has none.
    """
    changed = 0
    try:
        for code, language in ((None, Language.EN), *((str(own), own) for own in Language)):
            changed += await _describe(bot, pages, code, language)
    except TelegramAPIError as error:
        log.warning("the bot's description was not set: %s", error)
    return changed


async def _describe(bot: Bot, pages: Pages, code: str | None, language: Language) -> int:
    long = pages.say(
        language,
        "A Telegram bot that keeps a research report alive: milestones, places and figures, each with its "
        "place in the report, and “on this date” posts for your chat, group or channel.",
    )
    short = pages.say(language, "A research report, alive: cited answers and “on this date” posts.")
    changed = 0
    if (await bot.get_my_description(code)).description != long:
        await bot.set_my_description(long, code)
        changed += 1
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)
        changed += 1
    return changed
