"""What the bot says of itself: its commands by scope and language, its name and descriptions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.playground.bot_api.refusals import bad_request
from bot.playground.bot_api.validation import decoded
from bot.playground.bot_api.world import Call, World

#: A Bot API method: the world, the parameters, and the call for its warning.
Method = Callable[[World, dict[str, Any], Call], Any]

_COMMANDS_LIMIT = 100


def _scope(parameters: dict[str, Any]) -> tuple[str, str]:
    scope = decoded(parameters.get("scope") or {"type": "default"})
    return json.dumps(scope, sort_keys=True), str(parameters.get("language_code") or "")


def set_commands(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    """SetMyCommands."""
    commands = decoded(parameters.get("commands") or [])
    if len(commands) > _COMMANDS_LIMIT:
        raise bad_request("too many commands specified")
    for command in commands:
        if not command["command"].islower() or not 1 <= len(command["description"]) <= 256:  # noqa: PLR2004 - Telegram's limit
            raise bad_request("BOT_COMMAND_INVALID")
    world.commands[_scope(parameters)] = commands
    world.tell({"type": "commands", "commands": world.menus()})
    return True


def get_commands(world: World, parameters: dict[str, Any], _call: Call) -> list[dict[str, str]]:
    """GetMyCommands."""
    return world.commands.get(_scope(parameters), [])


def delete_commands(world: World, parameters: dict[str, Any], _call: Call) -> bool:
    """DeleteMyCommands."""
    world.commands.pop(_scope(parameters), None)
    return True


_FIELDS = {"name": "name", "description": "description", "shortdescription": "short_description"}


def setter(name: str) -> Method:
    """SetMyName and its like."""

    def set_text(world: World, parameters: dict[str, Any], _call: Call) -> bool:
        key = (name, str(parameters.get("language_code") or ""))
        world.descriptions[key] = str(parameters.get(_FIELDS[name]) or "")
        return True

    return set_text


def getter(name: str) -> Method:
    """GetMyName and its like."""

    def get_text(world: World, parameters: dict[str, Any], _call: Call) -> dict[str, str]:
        return {_FIELDS[name]: world.descriptions.get((name, str(parameters.get("language_code") or "")), "")}

    return get_text
