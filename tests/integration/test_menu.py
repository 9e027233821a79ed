from __future__ import annotations

import json

from bot.commands import COMMANDS, Scope
from bot.settings import Settings
from bot.telegram.introduction.menu import set_menu
from tests.integration.scripted_api import refusal, result, scripted, speaking


class Menus:
    """Telegram's side of the menus."""

    def __init__(self) -> None:
        self.lists: dict[str, list[dict[str, str]]] = {}

    def __call__(self, method, fields):
        key = json.dumps([fields["scope"], fields.get("language_code")])
        if fields["scope"].get("chat_id") == 13:
            return refusal(400, "Bad Request: chat not found")
        if method == "setMyCommands":
            self.lists[key] = fields["commands"]
            return result(True)
        return result(self.lists.get(key, []))

    def of(self, scope: str, language: str | None, **more: int) -> dict[str, str]:
        key = json.dumps([{"type": scope, **more}, language])
        return {entry["command"]: entry["description"] for entry in self.lists[key]}


async def test_each_scope_and_language_gets_its_own_list():
    menus = Menus()
    async with scripted(menus) as api, speaking(api.url) as bot:
        await set_menu(bot, Settings(_env_file=None, admin_ids="7"))
    private = menus.of("all_private_chats", "en")
    assert private["timeline"] == "Ten years of milestones"
    assert "subscribe" in private
    assert "stats" not in private
    assert "subscribe" not in menus.of("all_group_chats", "zh")
    assert "subscribe" in menus.of("all_chat_administrators", "zh")
    assert set(menus.of("chat", "en", chat_id=7)) == {command.name for command in COMMANDS}
    assert menus.of("all_private_chats", None) == menus.of("all_private_chats", "en")
    assert any(command.scope is Scope.OPERATORS for command in COMMANDS)


async def test_a_menu_that_is_right_already_is_left_alone():
    menus = Menus()
    settings = Settings(_env_file=None)
    async with scripted(menus) as api, speaking(api.url) as bot:
        assert await set_menu(bot, settings) == 9
        assert await set_menu(bot, settings) == 0


async def test_an_operator_who_never_wrote_to_the_bot_does_not_spoil_the_rest():
    menus = Menus()
    async with scripted(menus) as api, speaking(api.url) as bot:
        assert await set_menu(bot, Settings(_env_file=None, admin_ids="13,77")) == 12
    assert menus.of("chat", "en", chat_id=77)
