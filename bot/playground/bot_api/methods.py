"""The Bot API methods of the local server, one function each, found by their lower-case names."""

from __future__ import annotations

from typing import Any

from bot.playground.bot_api.chats import member
from bot.playground.bot_api.moderation import delete_message, pin, unpin, unpin_all
from bot.playground.bot_api.posting import (
    chat_of,
    edit_caption,
    edit_markup,
    edit_text,
    flag,
    send_document,
    send_message,
    send_photo,
    send_poll,
    send_rich_message,
)
from bot.playground.bot_api.profile import Method, delete_commands, get_commands, getter, set_commands, setter
from bot.playground.bot_api.refusals import bad_request
from bot.playground.bot_api.validation import decoded
from bot.playground.bot_api.world import Call, World

_TOAST_LIMIT = 200


def methods() -> dict[str, Method]:
    """Every method that needs no waiting; long polling lives in the server."""
    return {
        "getme": lambda world, _parameters, _call: world.bot,
        "sendmessage": send_message,
        "sendphoto": send_photo,
        "senddocument": send_document,
        "sendpoll": send_poll,
        "sendrichmessage": send_rich_message,
        "editmessagetext": edit_text,
        "editmessagecaption": edit_caption,
        "editmessagereplymarkup": edit_markup,
        "deletemessage": delete_message,
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
        "getchatmembercount": lambda world, parameters, _call: len(chat_of(world, parameters).members) + 1,
        "pinchatmessage": pin,
        "unpinchatmessage": unpin,
        "unpinallchatmessages": unpin_all,
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
    {
        "sendmessage",
        "sendphoto",
        "senddocument",
        "sendpoll",
        "sendrichmessage",
        "editmessagetext",
        "editmessagecaption",
        "editmessagereplymarkup",
    }
)


def _answer_callback(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    query = str(parameters.get("callback_query_id"))
    if query not in world.callbacks or world.callbacks[query] is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = str(parameters.get("text") or "")
    if len(text) > _TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    world.callbacks[query] = {"text": text, "show_alert": flag(parameters.get("show_alert"))}
    world.tell({"type": "answered", "query": query, **world.callbacks[query]})  # type: ignore[dict-item] # set above
    return True


def _chat_action(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    chat = chat_of(world, parameters)
    world.tell({"type": "action", "chat_id": chat.id, "action": parameters.get("action", "typing")})
    return True


def _get_chat(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, Any]:
    chat = chat_of(world, parameters)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        True,
    )
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    full |= {"pinned_message": chat.messages[chat.pinned]} if chat.pinned in chat.messages else {}
    return chat.brief(world.people.get(chat.id)) | full


def _get_member(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, Any]:
    chat = chat_of(world, parameters)
    user_id = int(parameters.get("user_id") or 0)
    if user_id == world.bot["id"]:
        return member(world.bot, chat.bot_status, chat.withheld)
    if user_id not in world.people:
        raise bad_request("user not found")
    return member(world.people[user_id], chat.members.get(user_id, "left"))


def _get_administrators(world: World, parameters: dict[str, Any], _call: Call) -> list[dict[str, Any]]:
    chat = chat_of(world, parameters)
    people = [
        member(world.people[user], status)
        for user, status in chat.members.items()
        if status in ("creator", "administrator")
    ]
    own = [member(world.bot, "administrator", chat.withheld)] if chat.bot_status == "administrator" else []
    return people + own


def _leave(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    chat = chat_of(world, parameters)
    chat.bot_status = "left"
    world.tell({"type": "chat", "chat": chat.shown()})
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
        "allowed_updates": decoded(parameters.get("allowed_updates") or []),
    }
    world.arrived.set()
    return True


def _delete_webhook(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    world.webhook["url"] = ""
    if flag(parameters.get("drop_pending_updates")):
        world.updates.clear()
    return True
