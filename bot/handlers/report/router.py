"""Answers the commands and buttons that show a view."""

from __future__ import annotations

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.commands import Command
from bot.handlers.filters import ViewFilter
from bot.handlers.general.fallback import outdated_button
from bot.handlers.middlewares.workload import Workload
from bot.handlers.pictures import bring_picture
from bot.handlers.responder import Responder
from bot.ops.background import BackgroundTasks
from bot.telegram.callback_data import ViewCallback
from bot.views.reply_cache import Asked, ReplyCache
from digests.subscriptions import Layout

#: With more updates than this in work, a picture is offered by a button instead of sent along.
_BUSY = 20


def report_router() -> Router:
    """One handler for the commands of all views, one for their buttons."""
    router = Router(name="report")
    for observer in (router.message, router.channel_post):
        observer.register(answer_command, ViewFilter("data", "quiz"))
    router.callback_query.register(answer_button, ViewCallback.filter())
    return router


async def answer_command(
    _message: Message,
    *,
    command: Command,
    argument: str,
    responder: Responder,
    replies: ReplyCache,
    background: BackgroundTasks,
    workload: Workload,
) -> None:
    """Answer a typed command; its picture follows, or a button for it while many wait."""
    request = responder.asking(argument)
    asked = Asked(command.name, request, layout=responder.layout)
    reply = await replies.answer_soon(asked)
    if reply.layout is Layout.RICH or reply.picture is None:
        await responder.send(reply)
    elif workload.updates > _BUSY:
        await responder.send(await replies.answer_soon(replace(asked, offering=True)))
    else:  # words first: they need not wait for a picture
        await responder.send(reply)
        await bring_picture(responder, reply.picture, background)


async def answer_button(
    callback: CallbackQuery, callback_data: ViewCallback, responder: Responder, replies: ReplyCache
) -> None:
    """Answer a pressed button in the place of its message."""
    if callback_data.command not in replies:
        await outdated_button(callback, responder)
        return
    request = responder.asking(callback_data.argument)
    asked = Asked(
        callback_data.command,
        request,
        callback_data.page,
        responder.layout,
        offering=True,
        trail=callback_data.trail,
    )
    await responder.edit(await replies.answer_soon(asked))
