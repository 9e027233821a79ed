"""/privacy and /forget: what is stored, and its deletion."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.filters import CommandFilter, SignedActionFilter
from bot.handlers.responder import Responder
from bot.handlers.subscription.service import SubscriptionService
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.sender import Sender
from bot.views.screen import Button, Screen, ViewRequest
from digests.subscriptions import Address


def forget_router() -> Router:
    """The command and its button."""
    router = Router(name="forget")
    for observer in (router.message, router.channel_post):
        observer.register(forget, CommandFilter("forget"))
    router.callback_query.register(forget_now, SignedActionFilter(SubscriptionAction.FORGET))
    return router


def show_privacy(request: ViewRequest) -> Screen:
    """``/privacy``: what is stored of whom."""
    return Screen(request.render("privacy"))


async def forget(
    _message: Message,
    sender: Sender,
    address: Address,
    responder: Responder,
    subscriptions: SubscriptionService,
) -> None:
    """``/forget``: what is stored of this chat, with a button that deletes it."""
    counts = await subscriptions.known(sender, address)
    if not any((counts.chats, counts.subscriptions, counts.deliveries, counts.made)):
        await responder.notice(responder.say("Nothing is stored of this chat."), "/privacy")
        return
    html = responder.render("forget", counts=counts, forgotten=False)
    data = responder.signed(SubscriptionAction.FORGET, address)
    await responder.show(Screen(html, ((Button("🗑 " + responder.say("Delete everything"), data),),)))


async def forget_now(
    _callback: CallbackQuery,
    sender: Sender,
    address: Address,
    responder: Responder,
    subscriptions: SubscriptionService,
) -> None:
    """The button of ``/forget``."""
    counts = await subscriptions.forget(sender, address)
    await responder.show(Screen(responder.render("forget", counts=counts, forgotten=True)))
