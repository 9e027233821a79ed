"""What the composition root hands to the life of an instance."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import Bot, Dispatcher

from bot.handlers.responders import Responders
from bot.ops.health import Heartbeat
from bot.ops.metrics import Metrics
from bot.ops.tracing import Tracing
from bot.settings import Settings
from bot.updates import webhook
from bot.updates.state import IntakeState
from bot.updates.update_queue import UpdateQueue
from bot.views.reply_cache import ReplyCache
from digests.delivery.clock import ShiftedClock, SystemClock
from digests.delivery.leader import LeaderElection
from digests.delivery.planner import Planner
from digests.delivery.sender import Sender
from digests.library_holder import LibraryHolder
from digests.pages import Pages
from digests.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """The parts of a bot that the life of the instance works with."""

    settings: Settings
    store: Store
    clock: SystemClock | ShiftedClock
    pages: Pages
    library_holder: LibraryHolder
    planner: Planner
    sender: Sender
    bot: Bot
    dispatcher: Dispatcher
    responders: Responders
    replies: ReplyCache
    update_queue: UpdateQueue
    intake: IntakeState
    metrics: Metrics
    tracing: Tracing
    sends: Heartbeat
    watch: webhook.Watch
    leader_election: LeaderElection
