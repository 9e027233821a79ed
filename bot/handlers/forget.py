"""/privacy and /forget: what is stored, and its deletion."""

from __future__ import annotations

from bot.handlers.context import Visit
from bot.handlers.subscription.subscribe import may_change
from bot.views.screen import Button, Question, Screen


def show_privacy(question: Question) -> Screen:
    """``/privacy``: what is stored of whom."""
    return Screen(question.render("privacy"))


async def forget(visit: Visit) -> None:
    """``/forget``: what is stored of this chat, with a button that deletes it."""
    if not await may_change(visit):
        return
    counts = await visit.services.store.chats.known(visit.address.chat_id)
    html = visit.question().render("forget", counts=counts, forgotten=False)
    button = Button("🗑 " + visit.say("Delete everything"), visit.sealed("f"))
    await visit.show(Screen(html, ((button,),)))


async def forget_now(visit: Visit) -> None:
    """The button of ``/forget``."""
    if not await may_change(visit):
        return
    counts = await visit.services.store.chats.forget(visit.address.chat_id)
    visit.services.languages.forget(visit.address.chat_id)
    await visit.show(Screen(visit.question().render("forget", counts=counts, forgotten=True)))
