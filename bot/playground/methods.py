"""The Bot API methods of the local server, one function each, found by their lower-case names."""

from __future__ import annotations

import hashlib
from typing import Any

from bot.playground.checking import checked_markup, checked_text
from bot.playground.profile import Method, delete_commands, get_commands, getter, set_commands, setter
from bot.playground.refusals import bad_request
from bot.playground.world import ADMIN_RIGHTS, Call, PlayChat, World

_TOAST_LIMIT = 200


def methods() -> dict[str, Method]:
    """Every method that needs no waiting; long polling lives in the server."""
    return {
        "getme": lambda world, _parameters, _call: world.bot,
        "sendmessage": _send_message,
        "sendphoto": _send_photo,
        "editmessagetext": _edit_text,
        "editmessagecaption": _edit_caption,
        "editmessagereplymarkup": _edit_markup,
        "deletemessage": _delete_message,
        "answercallbackquery": _answer_callback,
        "sendchataction": _chat_action,
        "setmycommands": set_commands,
        "getmycommands": get_commands,
        "deletemycommands": delete_commands,
        **{f"setmy{name}": setter(name) for name in ("name", "description", "shortdescription")},
        **{f"getmy{name}": getter(name) for name in ("name", "description", "shortdescription")},
        "getchat": _get_chat,
        "getchatmember": _get_member,
        "getchatadministrators": _get_administrators,
        "getchatmembercount": lambda world, parameters, _call: len(_chat(world, parameters).members) + 1,
        "pinchatmessage": _pin,
        "unpinchatmessage": _unpin,
        "leavechat": _leave,
        "getfile": _get_file,
        "setwebhook": _set_webhook,
        "deletewebhook": _delete_webhook,
        "getwebhookinfo": lambda world, _parameters, _call: (
            world.webhook | {"pending_update_count": len(world.updates)}
        ),
        "logout": lambda _world, _parameters, _call: True,
        "close": lambda _world, _parameters, _call: True,
    }


#: The methods that count against the limits on messages.
COUNTED = frozenset(
    {"sendmessage", "sendphoto", "editmessagetext", "editmessagecaption", "editmessagereplymarkup"}
)


def _chat(world: World, parameters: dict[str, Any]) -> PlayChat:
    return world.reach(parameters.get("chat_id"), int(parameters.get("message_thread_id") or 0))


def _sent(world: World, parameters: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    chat = _chat(world, parameters)
    message = world.new_message(chat, int(parameters.get("message_thread_id") or 0))
    message |= {"sender_chat": chat.brief()} if chat.type == "channel" else {"from": world.bot}
    markup = checked_markup(parameters)
    message |= content | ({"reply_markup": markup} if markup else {})
    if _flag(parameters.get("disable_notification")):
        world.tell({"type": "silent", "chat_id": chat.id, "message_id": message["message_id"]})
    world.keep(chat, message)
    return message


def _flag(value: Any) -> bool:
    return value in (True, "true", "True", "1")


def _send_message(world: World, parameters: dict[str, Any], call: Call) -> dict[str, Any]:
    _chat(world, parameters)
    content, call.warning = checked_text(parameters)
    return _sent(world, parameters, content)


def _send_photo(world: World, parameters: dict[str, Any], call: Call) -> dict[str, Any]:
    _chat(world, parameters)
    file_id = _stored(world, parameters.get("photo"), parameters)
    content, call.warning = checked_text(parameters, "caption")
    size = {
        "file_id": file_id,
        "file_unique_id": file_id[:16],
        "width": 1280,
        "height": 720,
        "file_size": len(world.files[file_id]),
    }
    return _sent(world, parameters, {"photo": [size], **content})


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
    chat = _chat(world, parameters)
    message = chat.messages.get(int(parameters.get("message_id") or 0))
    if message is None:
        raise bad_request("message to edit not found")
    markup = checked_markup(parameters)
    changed = {key: value for key, value in message.items() if key not in ("reply_markup", "edit_date")}
    for key in [
        key
        for key in ("entities", "caption_entities")
        if key in changed and key not in change and ("text" in change or "caption" in change)
    ]:
        del changed[key]
    changed |= change | ({"reply_markup": markup} if markup else {})
    if changed == {key: value for key, value in message.items() if key != "edit_date"}:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    changed["edit_date"] = int(world.now().timestamp())
    world.keep(chat, changed)
    return changed


def _edit_text(world: World, parameters: dict[str, Any], call: Call) -> dict[str, Any]:
    content, call.warning = checked_text(parameters)
    target = _chat(world, parameters).messages.get(int(parameters.get("message_id") or 0))
    if target is not None and "text" not in target:
        raise bad_request("there is no text in the message to edit")
    return _edited(world, parameters, content)


def _edit_caption(world: World, parameters: dict[str, Any], call: Call) -> dict[str, Any]:
    content, call.warning = checked_text(parameters, "caption")
    return _edited(world, parameters, content)


def _edit_markup(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, Any]:
    return _edited(world, parameters, {})


def _delete_message(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    chat = _chat(world, parameters)
    if chat.messages.pop(int(parameters.get("message_id") or 0), None) is None:
        raise bad_request("message to delete not found")
    world.tell({"type": "deleted", "chat_id": chat.id, "message_id": int(parameters["message_id"])})
    return True


def _answer_callback(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    query = str(parameters.get("callback_query_id"))
    if query not in world.callbacks or world.callbacks[query] is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = str(parameters.get("text") or "")
    if len(text) > _TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    world.callbacks[query] = {"text": text, "show_alert": _flag(parameters.get("show_alert"))}
    world.tell({"type": "answered", "query": query, **world.callbacks[query]})  # type: ignore[dict-item] # set above
    return True


def _chat_action(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    chat = _chat(world, parameters)
    world.tell({"type": "action", "chat_id": chat.id, "action": parameters.get("action", "typing")})
    return True


def _get_chat(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, Any]:
    chat = _chat(world, parameters)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        True,
    )
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return chat.brief(world.people.get(chat.id)) | full


def _get_member(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, Any]:
    chat = _chat(world, parameters)
    user_id = int(parameters.get("user_id") or 0)
    if user_id == world.bot["id"]:
        return world.member(world.bot, chat.bot_status)
    if user_id not in world.people:
        raise bad_request("user not found")
    return world.member(world.people[user_id], chat.members.get(user_id, "left"))


def _get_administrators(world: World, parameters: dict[str, Any], _call: Call) -> list[dict[str, Any]]:
    chat = _chat(world, parameters)
    people = [
        world.member(world.people[user], status)
        for user, status in chat.members.items()
        if status in ("creator", "administrator")
    ]
    own = [world.member(world.bot, "administrator")] if chat.bot_status == "administrator" else []
    return people + own


def _pin(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    chat = _chat(world, parameters)
    if chat.type != "private" and not (
        chat.bot_status == "administrator" and ADMIN_RIGHTS["can_pin_messages"]
    ):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    if int(parameters.get("message_id") or 0) not in chat.messages:
        raise bad_request("message to pin not found")
    chat.pinned = int(parameters["message_id"])
    world.tell({"type": "chat", "chat": world.shown(chat)})
    return True


def _unpin(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    chat = _chat(world, parameters)
    chat.pinned = None
    world.tell({"type": "chat", "chat": world.shown(chat)})
    return True


def _leave(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    chat = _chat(world, parameters)
    chat.bot_status = "left"
    world.tell({"type": "chat", "chat": world.shown(chat)})
    return True


def _get_file(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, Any]:
    file_id = str(parameters.get("file_id"))
    if file_id not in world.files:
        raise bad_request("invalid file_id")
    return {"file_id": file_id, "file_unique_id": file_id[:16], "file_path": f"photos/{file_id}"}


def _set_webhook(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    world.webhook |= {
        "url": str(parameters.get("url") or ""),
        "secret_token": str(parameters.get("secret_token") or ""),
    }
    world.arrived.set()
    return True


def _delete_webhook(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    world.webhook["url"] = ""
    if _flag(parameters.get("drop_pending_updates")):
        world.updates.clear()
    return True
