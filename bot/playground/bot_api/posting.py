"""Methods that send and edit messages."""

from __future__ import annotations

import hashlib
import struct
from typing import Any

from bot.playground.bot_api.chats import PlayChat
from bot.playground.bot_api.refusals import bad_request
from bot.playground.bot_api.rich.blocks import rich_message
from bot.playground.bot_api.validation import checked_markup, checked_quiz, checked_text, decoded
from bot.playground.bot_api.world import Call, World, quoted

#: What an edit replaces as a whole.
_CONTENT = ("text", "entities", "rich_message", "caption", "caption_entities")

#: A PNG begins with this, then come 8 bytes of its first chunk, then width and height, 4 bytes each.
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_SIZE_ENDS = len(_PNG) + 8 + 8

#: Larger photos are made smaller (pixels).
_LONGEST_SIDE = 1280


def chat_of(world: World, parameters: dict[str, Any]) -> PlayChat:
    """The chat of a call.

    Raises:
        Refusal: there is none, or the bot may not write there.
    """
    return world.reach(parameters.get("chat_id"), int(parameters.get("message_thread_id") or 0))


def _sent(world: World, parameters: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    chat = chat_of(world, parameters)
    topic = _direct_topic(chat, parameters)
    message = world.new_message(chat, int(parameters.get("message_thread_id") or 0), topic)
    message |= _replied(chat, parameters)
    message |= {"sender_chat": chat.brief()} if chat.type == "channel" else {"from": world.bot}
    markup = checked_markup(parameters)
    if markup and "inline_keyboard" in markup:
        content = content | {"reply_markup": markup}
    elif markup:
        _set_keyboard(world, chat, markup)
    message |= content
    chat.own.add(message["message_id"])
    if flag(parameters.get("disable_notification")):
        chat.silent.add(message["message_id"])
        world.tell({"type": "silent", "chat_id": chat.id, "message_id": message["message_id"]})
    world.keep(chat, message)
    if markup and flag(markup.get("force_reply")):
        world.tell({"type": "force_reply", "chat_id": chat.id, "message_id": message["message_id"]})
    return message


def _direct_topic(chat: PlayChat, parameters: dict[str, Any]) -> int:
    """The topic of a channel's direct messages to which a call sends; 0 in every other chat."""
    topic = int(parameters.get("direct_messages_topic_id") or 0)
    if chat.direct_topics and not topic:
        raise bad_request("channel direct messages topic must be specified")
    if topic and topic not in chat.direct_topics:
        raise bad_request("message thread not found")
    return topic


def _replied(chat: PlayChat, parameters: dict[str, Any]) -> dict[str, Any]:
    """What a message says of the one that it answers."""
    reply = decoded(parameters.get("reply_parameters") or {})
    target = chat.messages.get(int(reply.get("message_id") or 0))
    if target is None:
        if reply and not flag(reply.get("allow_sending_without_reply")):
            raise bad_request("message to be replied not found")
        return {}
    return {"reply_to_message": quoted(target)}


def _set_keyboard(world: World, chat: PlayChat, markup: dict[str, Any]) -> None:
    """The keyboard below the text field, shown or taken away."""
    if "keyboard" in markup or markup.get("remove_keyboard"):
        chat.keyboard = markup.get("keyboard")
        world.tell({"type": "chat", "chat": chat.shown()})


def flag(value: Any) -> bool:
    """A yes or no, however it was sent."""
    return value in (True, "true", "True", "1")


def send_message(world: World, parameters: dict[str, Any], call: Call) -> dict[str, Any]:
    """``sendMessage``."""
    chat_of(world, parameters)
    content, call.warning = checked_text(parameters)
    return _sent(world, parameters, content)


def send_rich_message(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, Any]:
    """``sendRichMessage``, of content in HTML."""
    chat_of(world, parameters)
    return _sent(world, parameters, {"rich_message": _rich_message(world, parameters)})


def send_photo(world: World, parameters: dict[str, Any], call: Call) -> dict[str, Any]:
    """``sendPhoto``."""
    chat_of(world, parameters)
    sizes = _photo(world, parameters.get("photo"), parameters)
    content, call.warning = checked_text(parameters, "caption")
    return _sent(world, parameters, {"photo": sizes, **content})


def _photo(world: World, given: Any, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    file_id = _stored(world, given, parameters)
    content = world.files[file_id]
    width, height = _dimensions(content)
    photo = {"file_id": file_id, "file_unique_id": file_id[:16], "width": width, "height": height}
    return [photo | {"file_size": len(content)}]


def _dimensions(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG as Telegram shows it, the longer side at most 1280 pixels."""
    if not content.startswith(_PNG) or len(content) < _PNG_SIZE_ENDS:
        return _LONGEST_SIDE, _LONGEST_SIDE * 9 // 16
    width, height = struct.unpack(">II", content[len(_PNG) + 8 : _PNG_SIZE_ENDS])
    scale = min(1, _LONGEST_SIDE / max(width, height, 1))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _rich_message(world: World, parameters: dict[str, Any]) -> dict[str, Any]:
    content = decoded(parameters.get("rich_message") or {})
    if not isinstance(content, dict) or not isinstance(content.get("html"), str):
        raise bad_request("can't parse rich message: this server reads the field html only")
    media = {item["id"]: item["media"]["media"] for item in content.get("media") or []}

    def photo(address: str) -> list[dict[str, Any]]:
        return _photo(world, media.get(address.removeprefix("tg://photo?id=")), parameters)

    return rich_message(content["html"], photo)


def _stored(world: World, given: Any, parameters: dict[str, Any]) -> str:
    if isinstance(given, str) and given.startswith("attach://"):
        given = parameters.get(given.removeprefix("attach://"))
    if isinstance(given, bytes):
        file_id = f"photo-{hashlib.sha256(given).hexdigest()[:24]}"
        world.files[file_id] = given
        return file_id
    if given in world.files:
        return str(given)
    raise bad_request("wrong file identifier/HTTP URL specified")


def _edited(world: World, parameters: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    chat = chat_of(world, parameters)
    message = chat.messages.get(int(parameters.get("message_id") or 0))
    if message is None:
        raise bad_request("message to edit not found")
    markup = checked_markup(parameters)
    replaced = {"reply_markup", "edit_date", *(_CONTENT if change else ())}
    changed = {key: value for key, value in message.items() if key not in replaced} | change
    changed |= {"reply_markup": markup} if markup else {}
    if changed == {key: value for key, value in message.items() if key != "edit_date"}:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    changed["edit_date"] = int(world.now().timestamp())
    world.keep(chat, changed)
    return changed


def edit_text(world: World, parameters: dict[str, Any], call: Call) -> dict[str, Any]:
    """``editMessageText``: text and rich content may take each other's place."""
    if "rich_message" in parameters:
        content = {"rich_message": _rich_message(world, parameters)}
    else:
        content, call.warning = checked_text(parameters)
    target = chat_of(world, parameters).messages.get(int(parameters.get("message_id") or 0))
    if target is not None and not {"text", "rich_message"} & target.keys():
        raise bad_request("there is no text in the message to edit")
    return _edited(world, parameters, content)


def edit_caption(world: World, parameters: dict[str, Any], call: Call) -> dict[str, Any]:
    """``editMessageCaption``."""
    content, call.warning = checked_text(parameters, "caption")
    return _edited(world, parameters, content)


def edit_markup(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, Any]:
    """``editMessageReplyMarkup``."""
    return _edited(world, parameters, {})


def send_document(world: World, parameters: dict[str, Any], call: Call) -> dict[str, Any]:
    """``sendDocument``."""
    chat_of(world, parameters)
    file_id = _stored(world, parameters.get("document"), parameters)
    content, call.warning = checked_text(parameters, "caption")
    document = {"file_id": file_id, "file_unique_id": file_id[:16], "file_size": len(world.files[file_id])}
    return _sent(world, parameters, {"document": document, **content})


def send_poll(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, Any]:
    """``sendPoll``, of one question with a right answer."""
    chat = chat_of(world, parameters)
    if chat.type != "channel" and "send_polls" in chat.withheld:
        raise bad_request("not enough rights to send polls to the chat")
    message = _sent(world, parameters, {"poll": checked_quiz(parameters)})
    message["poll"]["id"] = str(message["message_id"])
    return message
