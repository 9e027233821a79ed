"""Errors that readers report: asked for by a link under a post, passed on to the operators."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ForceReply, Message
from cachetools import TTLCache

from bot.handlers.filters import LinkFilter
from bot.handlers.responder import Responder
from bot.handlers.responders import Responders
from bot.telegram.deep_links import LinkKind, opening, read_occasion_payload
from bot.telegram.sender import Sender
from bot.views.buttons import figure_button, milestone_button
from bot.views.screen import Button, Rows, Screen, ViewRequest, action, in_rows
from digests.composing.digest import compose
from digests.report.library import Library, UnknownFact
from digests.report.model import Milestone, Observation
from digests.text import Language, isolated

log = logging.getLogger(__name__)

#: What an operator reads of a report (characters).
LONGEST = 1000

#: So many reports of one person are passed on in so many seconds.
MOST, PERIOD = 5, 3600.0
_PEOPLE = 10_000


def error_report_router() -> Router:
    """The link that asks for a report, and the report itself: a reply to the question."""
    router = Router(name="error reports")
    router.message.register(pass_on, is_report)
    router.message.register(ask, LinkFilter(LinkKind.ERROR))
    return router


async def is_report(_message: Message, reported: str = "") -> bool:
    """Whether a message replies to the question of `ask`."""
    return bool(reported)


class ErrorReports:
    """Who is told of errors, and how often a person may tell."""

    def __init__(
        self,
        responders: Responders,
        operators: frozenset[int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._responders = responders
        self._operators = sorted(operators)
        self._told: TTLCache[int, int] = TTLCache(_PEOPLE, PERIOD, clock)

    @property
    def are_read(self) -> bool:
        """Whether anybody would read a report."""
        return bool(self._operators)

    def may_tell(self, user_id: int) -> bool:
        """Whether a person may report one more; it is counted."""
        count = self._told.get(user_id, 0)
        if count < MOST:
            self._told[user_id] = count + 1
        return count < MOST

    async def tell(self, report: Report) -> int:
        """Pass a report on, in an operator's own language, else in the reader's; how many got it."""
        told = 0
        for operator in self._operators:
            responder = await self._responders.in_private(operator, report.language)
            try:
                await responder.show(_report_screen(responder.request, report))
            except TelegramAPIError as error:
                log.warning("a reported error could not be told to operator %s: %s", operator, error)
            else:
                told += 1
        return told


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody wrote of the facts of a post."""

    facts: tuple[Milestone | Observation, ...]
    text: str
    user_id: int
    name: str
    language: Language


async def ask(_message: Message, link: str, responder: Responder, error_reports: ErrorReports) -> None:
    """Ask what is wrong; the question holds a link that says of which fact."""
    facts = facts_of(responder.request.library, link)
    if not facts:
        text = responder.say("What this link names is not in the report any more.")
        await responder.show(Screen(responder.render("notice", text=text, examples=("/start",))))
    elif not error_reports.are_read:
        html = responder.render("report_unread", facts=facts)
        await responder.show(Screen(html, _ways_on(responder.request, facts)))
    else:
        payload = f"{LinkKind.ERROR}-{link}"
        back = opening(responder.request.username, payload)
        field = ForceReply(input_field_placeholder=responder.say("What is wrong?"), selective=True)
        await responder.send_words(responder.render("report", facts=facts, link=back), field)


async def pass_on(
    message: Message,
    *,
    reported: str,
    argument: str,
    sender: Sender,
    responder: Responder,
    error_reports: ErrorReports,
) -> None:
    """Pass the reply on to the operators, and say what became of it."""
    facts = facts_of(responder.request.library, reported)
    if sender.user_id is None or not facts:
        return
    if not error_reports.may_tell(sender.user_id):
        text = responder.say(
            "That is enough for an hour: %(count)s reports. Please write again later.", count=MOST
        )
    else:
        name = message.from_user.full_name if message.from_user else ""
        told = await error_reports.tell(Report(facts, argument, sender.user_id, name, responder.language))
        text = (
            responder.say("Passed on to those who run this bot. Thank you.")
            if told
            else responder.say("It could not be passed on just now. Please try again later.")
        )
    html = responder.render("notice", text=text, examples=())
    await responder.show(Screen(html, _ways_on(responder.request, facts)))


def facts_of(library: Library, named: str) -> tuple[Milestone | Observation, ...]:
    """The fact of an id, or what an occasion tells; none when it is not known."""
    for find in (library.milestone, library.observation):
        try:
            return (find(named),)
        except UnknownFact:
            continue
    try:
        digest = compose(library, read_occasion_payload(named))
    except ValueError:
        return ()
    return tuple(item.milestone for item in digest.items) if digest else ()


def _ways_on(request: ViewRequest, facts: tuple[Milestone | Observation, ...]) -> Rows:
    """The cards of the facts, and where the report comes from."""
    buttons = [
        milestone_button(request, fact) if isinstance(fact, Milestone) else figure_button(request, fact)
        for fact in facts
    ]
    source = Button("📖 " + request.say("Source"), action("about"))
    return (*in_rows(buttons, 1), (source,))


def _report_screen(request: ViewRequest, report: Report) -> Screen:
    lines = [isolated(line) for line in report.text.splitlines() if line.strip()]
    html = request.render(
        "reported", facts=report.facts, lines=lines, name=isolated(report.name), user_id=report.user_id
    )
    return Screen(html, _ways_on(request, report.facts))
