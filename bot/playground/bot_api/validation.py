"""Checks of what a call sends: texts, entities, keyboards, within Telegram's limits."""

from __future__ import annotations

import json
from typing import Any

from bot.playground.bot_api.entities import parse_html, units
from bot.playground.bot_api.refusals import bad_request

_TEXT_LIMIT = 4096
_CAPTION_LIMIT = 1024
_ENTITY_LIMIT = 100
_QUESTION_LIMIT = 300
_OPTION_LIMIT = 100
_OPTIONS_LIMIT = 12
_EXPLANATION_LIMIT = 200
_CALLBACK_LIMIT = 64
_BUTTONS_LIMIT = 100


def decoded(value: Any) -> Any:
    """A parameter that a form carries as JSON."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def checked_text(parameters: dict[str, Any], name: str = "text") -> tuple[dict[str, Any], str]:
    """The text and entities of a call, and a warning when entities will not be shown.

    Raises:
        Refusal: the text is empty or too long, or its entities do not parse.
    """
    source = str(parameters.get(name) or "")
    if parameters.get("parse_mode"):
        if str(parameters["parse_mode"]).lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = parse_html(source)
    else:
        text, entities = (
            source.strip(),
            decoded(parameters.get("caption_entities" if name == "caption" else "entities") or []),
        )
    is_caption = name == "caption"
    if not text and not is_caption:
        raise bad_request("message text is empty")
    if units(text) > (_CAPTION_LIMIT if is_caption else _TEXT_LIMIT):
        raise bad_request("message caption is too long" if is_caption else "message is too long")
    _check_entities(entities, text)
    warning = f"{len(entities)} entities, {_ENTITY_LIMIT} are shown" if len(entities) > _ENTITY_LIMIT else ""
    shown = {name: text, "caption_entities" if is_caption else "entities": entities[:_ENTITY_LIMIT]}
    return {key: value for key, value in shown.items() if value}, warning


def _check_entities(entities: Any, text: str) -> None:
    for entity in entities:
        if entity["offset"] < 0 or entity["offset"] + entity["length"] > units(text):
            raise bad_request("entity beyond the end of the text")


def checked_markup(parameters: dict[str, Any]) -> dict[str, Any] | None:
    """The keyboard of a call.

    Raises:
        Refusal: a button has no text, no action, or data beyond 64 bytes.
    """
    markup = decoded(parameters.get("reply_markup"))
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("can't parse reply keyboard markup JSON object")
    rows = markup.get("inline_keyboard", [])
    if sum(len(row) for row in rows) > _BUTTONS_LIMIT:
        raise bad_request("reply markup is too long")
    for button in (button for row in rows for button in row):
        check_button(button)
    return markup


def check_button(button: dict[str, Any]) -> None:
    """Hold a button to the limits.

    Raises:
        Refusal: it has no text, no action, or data beyond 64 bytes.
    """
    if not button.get("text"):
        raise bad_request("inline keyboard button text is empty")
    if "callback_data" not in button and "url" not in button:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= _CALLBACK_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")


def checked_quiz(parameters: dict[str, Any]) -> dict[str, Any]:
    """The poll of a call, a quiz.

    Raises:
        Refusal: question, options or explanation break a limit, or no option is right.
    """
    question, explanation = (str(parameters.get(name) or "") for name in ("question", "explanation"))
    options = [str(option["text"]) for option in decoded(parameters.get("options") or "[]")]
    right = decoded(parameters.get("correct_option_ids") or "[]")
    if not 1 <= units(question) <= _QUESTION_LIMIT or units(explanation) > _EXPLANATION_LIMIT:
        raise bad_request("poll question or explanation has a wrong length")
    if not 1 < len(options) <= _OPTIONS_LIMIT or not all(
        1 <= units(text) <= _OPTION_LIMIT for text in options
    ):
        raise bad_request("poll options have a wrong number or length")
    if parameters.get("type") != "quiz" or not right or max(right) >= len(options):
        raise bad_request("this server knows quizzes with a right answer only")
    return {
        "id": "", "question": question, "options": _counted(options), "total_voter_count": 0,
        "is_closed": False, "is_anonymous": True, "type": "quiz", "allows_multiple_answers": False,
        "allows_revoting": False, "members_only": False, "correct_option_ids": right,
        "explanation": explanation,
    }  # fmt: skip


def _counted(options: list[str]) -> list[dict[str, Any]]:
    return [
        {"text": text, "voter_count": 0, "persistent_id": str(number)} for number, text in enumerate(options)
    ]
