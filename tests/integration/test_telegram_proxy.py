"""Calls through real proxies: HTTP and SOCKS5, with a right and a wrong password, refusing and dropping."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings
from bot.telegram.calls.transport_errors import NotConnectedError
from bot.telegram.rate_limiter import Lane
from tests.integration.scripted_api import message, scripted, speaking
from tests.proxies import Socks5Proxy, http_proxy, socks5_proxy


async def test_calls_go_through_an_http_proxy():
    with http_proxy() as proxy:
        async with (
            scripted(lambda *_: message(7, 3)) as api,
            speaking(api.url, proxy=f"http://{proxy}") as bot,
        ):
            assert (await bot.send_message(7, "x")).message_id == 3


async def test_an_http_proxy_is_given_user_and_password():
    with http_proxy("user:pa@ss") as proxy:
        url = f"http://user:pa%40ss@{proxy}"
        async with scripted(lambda *_: message(7, 3)) as api, speaking(api.url, proxy=url) as bot:
            assert (await bot.send_message(7, "x")).message_id == 3


@pytest.mark.parametrize("login", ["", "user:wrong@"])
async def test_an_http_proxy_that_refuses_means_that_nothing_was_sent(login):
    with http_proxy("user:right") as proxy:
        url = f"http://{login}{proxy}"
        async with (
            scripted(lambda *_: message(7)) as api,
            speaking(api.url, proxy=url, lane=Lane.BROADCAST) as bot,
        ):
            with pytest.raises(NotConnectedError, match="proxy refuses") as caught:
                await bot.send_message(7, "x")
    assert api.calls == []
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_calls_go_through_a_socks_proxy_which_resolves_the_names(scheme):
    proxy = Socks5Proxy(("user", "p#ss"))
    async with (
        socks5_proxy(proxy) as address,
        scripted(lambda *_: message(7, 3)) as api,
        speaking(api.url.replace("127.0.0.1", "localhost"), proxy=f"{scheme}://user:p%23ss@{address}") as bot,
    ):
        assert (await bot.send_message(7, "x")).message_id == 3
    assert proxy.asked == [api.url.removeprefix("http://").replace("127.0.0.1", "localhost")]


@pytest.mark.parametrize(
    "proxy", [Socks5Proxy(("user", "right")), Socks5Proxy(drops=True)], ids=["wrong password", "drops"]
)
async def test_a_socks_proxy_that_refuses_or_drops_means_that_nothing_was_sent(proxy):
    async with (
        socks5_proxy(proxy) as address,
        scripted(lambda *_: message(7)) as api,
        speaking(api.url, proxy=f"socks5://user:wrong@{address}", lane=Lane.BROADCAST) as bot,
    ):
        with pytest.raises(NotConnectedError) as caught:
            await bot.send_message(7, "x")
    assert api.calls == []
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
async def test_a_proxy_that_is_not_there_means_that_nothing_was_sent(scheme):
    async with (
        scripted(lambda *_: message(7)) as api,
        speaking(api.url, proxy=f"{scheme}://127.0.0.1:9", lane=Lane.BROADCAST) as bot,
    ):
        with pytest.raises(NotConnectedError):
            await bot.send_message(7, "x")
    assert api.calls == []


@pytest.mark.parametrize(
    "address",
    [
        "proxy.example:1080", "ftp://proxy.example", "socks4://proxy.example", "http://", "http://:8080",
        "socks5://user:p@ss@w0rd@[", "http://host:99999", "http://host:0", "http://a b:80", "http://h/path",
        "http://h?q=1",
    ],
)  # fmt: skip
def test_a_malformed_proxy_stops_the_start_with_one_line_without_its_password(address):
    with pytest.raises(SettingsError, match=r"^TELEGRAM_PROXY: no proxy address") as caught:
        load_settings(None, telegram_proxy=address)
    assert "w0rd" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ({"https_proxy": "p:1"}, "http://p:1"),
        ({"ALL_PROXY": "socks5h://p:1"}, "socks5h://p:1"),
        ({"HTTPS_PROXY": "http://a:1", "ALL_PROXY": "http://b:2"}, "http://a:1"),
        ({"HTTP_PROXY": "http://p:1"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "telegram.org"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.org"}, "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*", "TELEGRAM_PROXY": "http://t:2"}, "http://t:2"),
        ({"HTTPS_PROXY": "http://p:1", "BOT_API_URL": "https://127.0.0.1:8081"}, None),
        ({"HTTP_PROXY": "http://p:1", "BOT_API_URL": "http://bot-api:8081"}, "http://p:1"),
        ({}, None),
    ],
)
def test_without_a_setting_the_usual_variables_count(monkeypatch, environment, proxy):
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "TELEGRAM_PROXY", "BOT_API_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None).proxy() == proxy


def test_a_proxy_and_a_zone_may_stand_in_the_env_file(tmp_path):
    (tmp_path / ".env").write_text("HTTPS_PROXY=http://p:1\nTZ=Asia/Shanghai\n")
    assert load_settings(tmp_path / ".env").proxy() == "http://p:1"


def test_a_proxys_password_is_known_to_the_log():
    password = load_settings(None, telegram_proxy="socks5://user:p%40ss@h:1").proxy_password()
    assert password is not None
    assert password.get_secret_value() == "p@ss"
