"""Checks of what a call sends: texts, entities, keyboards, within Telegram's limits."""

from __future__ import annotations

import json
from typing import Any

from bot.playground.bot_api.entities import parse_html, units
from bot.playground.bot_api.refusals import bad_request

_TEXT_LIMIT = 4096
_CAPTION_LIMIT = 1024
_ENTITY_LIMIT = 100
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
