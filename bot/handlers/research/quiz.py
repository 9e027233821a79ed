"""/quiz: a question with options on a fact of the report."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.handlers.filters import CommandFilter
from bot.handlers.responder import Responder
from bot.sending.quizzes import quiz_fields
from bot.telegram.callback_data import MOST_PAGES, SEPARATOR, QuizCallback
from bot.telegram.calls.limits import CALLBACK_LIMIT
from bot.views.screen import ViewRequest, cut
from bot.views.suggestions import unknown
from digests.queries import find_subject
from digests.quiz import Question, is_about_place, question_of_day, questions_about
from digests.report.library import HitKind
from digests.report.model import Milestone, Observation


def quiz_router() -> Router:
    """The command, and the button for another question."""
    router = Router(name="quiz")
    for observer in (router.message, router.channel_post):
        observer.register(answer_quiz, CommandFilter("quiz"))
    router.callback_query.register(answer_quiz_button, QuizCallback.filter())
    return router


async def answer_quiz(_message: Message, argument: str, responder: Responder) -> None:
    """Ask the first question of the day on a place or topic."""
    await _ask(responder, argument, 0)


async def answer_quiz_button(
    _callback: CallbackQuery, callback_data: QuizCallback, responder: Responder
) -> None:
    """Ask another question."""
    await _ask(responder, callback_data.wanted, callback_data.number)


def find_questions(request: ViewRequest) -> tuple[Question, ...]:
    """The questions on a place, a subject, or what a search finds; all of them without an argument."""
    library, language, wanted = request.library, request.language, request.argument
    if not wanted:
        return questions_about(library, language)
    place = library.place_finder.find(wanted)
    if place is not None and place.id is not None:
        place_id = place.id
        return questions_about(library, language, lambda fact: is_about_place(library, fact, place_id))
    if found := find_subject(library, wanted):
        ids = {observation.id for metric in found[1] for observation in metric.observations}
    else:
        kinds = (HitKind.MILESTONE, HitKind.OBSERVATION)
        ids = {hit.id for hit in library.search(wanted).hits if hit.kind in kinds}

    def holds(fact: Milestone | Observation) -> bool:
        return fact.id in ids

    return questions_about(library, language, holds)


async def _ask(responder: Responder, wanted: str, number: int) -> None:
    """Send a quiz; where none can be made, or Telegram takes none, say so."""
    request = responder.asking(wanted)
    if responder.target.direct_messages_topic_id:
        await responder.notice(request.say("Telegram does not allow quizzes in a channel’s direct messages."))
        return
    questions = find_questions(request)
    if not questions:
        await responder.show(unknown(request, "quiz"))
        return
    question = question_of_day(questions, request.today, number)
    following = (number + 1) % MOST_PAGES
    another = _another(request, following) if len(questions) > 1 else None
    await responder.outlets.bot.send_poll(
        **responder.target.fields,
        **quiz_fields(question),
        reply_markup=another,
    )


def _another(request: ViewRequest, number: int) -> InlineKeyboardMarkup:
    room = CALLBACK_LIMIT - len(QuizCallback(number=number).pack().encode())
    wanted = cut(request.argument.replace(SEPARATOR, " "), room)
    data = QuizCallback(number=number, wanted=wanted).pack()
    button = InlineKeyboardButton(text=request.say("Another question"), callback_data=data)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])
