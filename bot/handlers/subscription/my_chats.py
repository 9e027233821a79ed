"""The chats that a person subscribed, to be looked after from the private chat."""

from __future__ import annotations

from bot.handlers.context import Visit
from bot.handlers.subscription.settings_screen import title_of
from bot.views.screen import Button, Screen, action, in_rows
from digests.subscriptions import SubscriptionState

_SIGNS = {
    SubscriptionState.ACTIVE: "✅",
    SubscriptionState.SUSPENDED: "⏸",
    SubscriptionState.UNSUBSCRIBED: "🚫",
}
_SHOWN = 40


async def my_chats(visit: Visit) -> None:
    """The list of them, each with a button that opens its settings."""
    if not visit.is_private or visit.user_id is None:
        await visit.notice(visit.say("Your chats are listed in our private chat."))
        return
    made = await visit.services.store.subscriptions.made_by(visit.user_id)
    buttons = []
    for subscription in made[:_SHOWN]:
        title = await title_of(visit, subscription)
        data = visit.sealed("v", "main", subscription.address)
        buttons.append(Button(f"{_SIGNS[subscription.state]} {title}", data))
    adding = (
        Button("📣 " + visit.say("Add to a channel"), action("add", "channel")),
        Button("👥 " + visit.say("Add to a group"), action("add", "group")),
    )
    html = visit.question().render("chats", chats=made)
    await visit.show(Screen(html, (*in_rows(buttons, 1), adding)))
