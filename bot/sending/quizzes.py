"""Questions as Telegram's quiz polls."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.types import InputPollOption, Message

from digests.posts import Delivery, Failed, Gone, Outcome
from digests.questions import Question


def quiz_fields(question: Question) -> dict[str, Any]:
    """The fields of a call that asks a question; polls are anonymous, as channels take no others."""
    return {
        "question": question.text,
        "options": [InputPollOption(text=option) for option in question.options],
        "type": "quiz",
        "correct_option_ids": [question.right],
        "explanation": question.explanation,
        "question_parse_mode": None,
        "explanation_parse_mode": None,
    }


async def send_quiz(bot: Bot, delivery: Delivery, question: Question, *, paid: bool | None) -> Message:
    """Send the quiz of a post behind it.

    Raises:
        TelegramAPIError: it was refused, or its outcome is unknown.
    """
    return await bot.send_poll(
        delivery.address.chat_id,
        message_thread_id=delivery.address.thread_id or None,
        disable_notification=delivery.silent or None,
        allow_paid_broadcast=paid,
        **quiz_fields(question),
    )


def refused_quiz(outcome: Outcome) -> Outcome:
    """What a refusal means for a quiz: polls may be all that is forbidden there, so nobody is given up."""
    return Failed(outcome.reason, permanent=True) if isinstance(outcome, Gone) else outcome
