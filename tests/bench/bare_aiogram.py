"""The peer: a bare aiogram bot with one handler that answers a static page by polling."""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import Message

_PAGE = "<b>2014</b> milestones\n" * 65  # 1,500 characters


async def main(url: str) -> None:
    bot = Bot("1:bench", session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    dispatcher = Dispatcher()

    @dispatcher.message(Command("timeline"))
    async def problems(message: Message) -> None:
        await message.answer(_PAGE, parse_mode="HTML")

    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
