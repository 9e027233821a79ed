"""/preview: exactly what will be posted, before it is; and a sample of it in the chat itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from aiogram import Router
from aiogram.types import CallbackQuery, TelegramObject

from bot.handlers.filters import CommandFilter, SignedActionFilter
from bot.handlers.responder import Responder
from bot.handlers.settings.buttons import private_settings
from bot.handlers.settings.upcoming import next_posts, next_titles
from bot.handlers.subscription.service import SubscriptionService
from bot.telegram.callback_data import SubscriptionAction
from bot.telegram.sender import Sender
from bot.views.screen import Rows, Screen
from bot.views.suggestions import examples_of, problem_text
from digests.composing.post_composer import PostComposer
from digests.delivery.calls import Messenger
from digests.delivery.clock import Clock
from digests.inputs import InputError
from digests.inputs.dates import DateKind, read_preview
from digests.inputs.numbers import with_digits
from digests.library_holder import LibraryHolder
from digests.narrowing.options import names_of
from digests.pages import Pages
from digests.posts import Audience, Delivery, Post, Sent
from digests.schedules import Cadence, Occasion, Schedule
from digests.store import Store
from digests.subscriptions import Address, Subscription

_MOST = 3


def preview_router() -> Router:
    """The command, and the buttons of the settings that show or post the next one."""
    router = Router(name="preview")
    for observer in (router.message, router.channel_post):
        observer.register(preview, CommandFilter("preview"))
    router.callback_query.register(show_next, SignedActionFilter(SubscriptionAction.PREVIEW))
    router.callback_query.register(post_sample, SignedActionFilter(SubscriptionAction.SAMPLE))
    return router


def find_count(text: str) -> int | None:
    """How many posts are wanted: a bare number of one digit; None when it is none."""
    digits = with_digits(text.strip())
    return int(digits) if len(digits) == 1 and digits.isdecimal() else None


class Previews:
    """Sends posts as they will be, on no record."""

    def __init__(
        self, messenger: Messenger, library_holder: LibraryHolder, pages: Pages, clock: Clock
    ) -> None:
        self._messenger = messenger
        self._library_holder = library_holder
        self._composer = PostComposer(lambda: library_holder.current, pages)
        self._clock = clock

    def upcoming(self, subscription: Subscription, count: int) -> list[Occasion]:
        """The occasions of the next posts of a subscription."""
        found = next_posts(self._library_holder.current, subscription, self._clock.now(), count)
        return [each.due.occasion for each in found]

    def has_content(self, subscription: Subscription, occasion: Occasion) -> bool:
        """Whether a post would be sent at all."""
        return self._post(subscription, occasion) is not None

    async def send(self, subscription: Subscription, occasion: Occasion, to: Address) -> bool:
        """Send a post as it will be to an address; False when the bot cannot write there."""
        shown = self._post(subscription, occasion)
        if shown is None:
            return True
        delivery = _delivery(subscription, shown, to, self._clock.now())
        is_sent = isinstance(await self._messenger.send(delivery), Sent)
        if is_sent and shown.quiz:
            await self._messenger.send(replace(delivery, is_quiz=True))
        return is_sent

    def _post(self, subscription: Subscription, occasion: Occasion) -> Post | None:
        return self._composer.compose(occasion, Audience.of(subscription))


async def preview(
    _event: TelegramObject,
    *,
    sender: Sender,
    address: Address,
    argument: str,
    responder: Responder,
    subscriptions: SubscriptionService,
    previews: Previews,
    store: Store,
    library_holder: LibraryHolder,
    clock: Clock,
) -> None:
    """``/preview [3 | 2026-11 | 2026-05-10]``: the next posts of this chat, or those of a month or a day.

    In a group or channel its administrators see the titles only, with the link to the private chat.
    """
    if not sender.is_private:
        await subscriptions.read(sender, address)
    known = await store.subscriptions.get(address)
    default = await subscriptions.default(sender, address, responder.language)
    subscription = known or replace(default, language=responder.language)
    count = find_count(argument) if argument and sender.is_private else 1
    if count is None:
        await _preview_occasion(
            responder,
            previews=previews,
            subscription=subscription,
            known=known,
            argument=argument,
            to=address,
        )
        return
    occasions = previews.upcoming(subscription, min(max(count, 1), _MOST))
    titles = next_titles(library_holder.current, subscription, clock.now(), responder.language)
    only = names_of(library_holder.current, subscription.only, responder.language)
    html = responder.render("preview", upcoming=titles, only=only, in_full=sender.is_private)
    rows: Rows = () if sender.is_private else ((private_settings(responder, address),),)
    await responder.show(Screen(html, rows))
    for occasion in occasions if sender.is_private else ():
        await _send(responder, previews, subscription, occasion, address)


async def show_next(
    callback: CallbackQuery,
    *,
    sender: Sender,
    address: Address,
    responder: Responder,
    subscriptions: SubscriptionService,
    previews: Previews,
) -> None:
    """A button of the settings: the next post, to nobody but who pressed."""
    known = await subscriptions.read(sender, address)
    occasions = previews.upcoming(known, 1) if known else []
    if known is None or not occasions:
        await responder.notice(responder.say("Nothing to recall then: no post would be sent."))
        return
    await _send(responder, previews, known, occasions[0], Address(callback.from_user.id))


async def post_sample(
    _callback: CallbackQuery,
    sender: Sender,
    address: Address,
    responder: Responder,
    subscriptions: SubscriptionService,
    previews: Previews,
) -> None:
    """A button of the settings: the next post, now, in the chat itself; it counts as no delivery."""
    known = await subscriptions.read(sender, address)
    occasions = previews.upcoming(known, 1) if known else []
    if known is None or not occasions:
        await responder.notice(responder.say("Nothing to recall then: no post would be sent."))
    elif await _send(responder, previews, known, occasions[0], address):
        await responder.notice(responder.say("The sample was posted."))


async def _preview_occasion(
    responder: Responder,
    *,
    previews: Previews,
    subscription: Subscription,
    known: Subscription | None,
    argument: str,
    to: Address,
) -> None:
    try:
        occasion = read_occasion(argument, responder.request.today, known.schedule if known else None)
    except InputError as error:
        forms = [f"/preview {form}" for form in examples_of(responder.request, error)]
        await responder.notice(problem_text(responder.request, error), *forms)
        return
    if not previews.has_content(subscription, occasion):
        await responder.notice(responder.say("Nothing to recall then: no post would be sent."), "/preview")
    else:
        await _send(responder, previews, subscription, occasion, to)


def read_occasion(text: str, today: date, schedule: Schedule | None = None) -> Occasion:
    """The occasion of a month or a day; a weekly chat's day means its week.

    Raises:
        InputError: it is neither, or out of bounds.
    """
    found = read_preview(text, today)
    if found.kind is DateKind.MONTH:
        return Occasion(Cadence.MONTHLY, found.first_day())
    if schedule and schedule.cadence is Cadence.WEEKLY:
        return Occasion.containing(Cadence.WEEKLY, found.first_day(), schedule.weekday)
    return Occasion(Cadence.DAILY, found.first_day())


async def _send(
    responder: Responder, previews: Previews, subscription: Subscription, occasion: Occasion, to: Address
) -> bool:
    """Send a post as it will be; whether that was possible, else whoever asked is told."""
    if await previews.send(subscription, occasion, to):
        return True
    await responder.notice(
        responder.say("I cannot write there. If it is our private chat, open it and press Start first.")
    )
    return False


def _delivery(subscription: Subscription, shown: Post, to: Address, now: datetime) -> Delivery:
    """What the sender would send, but on no record."""
    return Delivery(
        id=0,
        epoch=0,
        attempt=1,
        address=to,
        language=subscription.language,
        layout=subscription.layout,
        theme=subscription.theme,
        post_id=0,
        post=shown,
        silent=subscription.silent,
        picture=subscription.picture,
        timezone=subscription.schedule.timezone,
        due_at=now,
        stale_at=None,
        lease_until=now,
    )
