from __future__ import annotations

import os
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings, misspelt_names


@pytest.fixture(autouse=True)
def _no_settings_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings_of(tmp_path: Path, *lines: str) -> Settings:
    path = tmp_path / ".env"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load_settings(path)


def fault_of(tmp_path: Path, *lines: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings_of(tmp_path, *lines)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_without_any_variable_the_documented_defaults_hold(tmp_path):
    settings = settings_of(tmp_path)
    assert settings.default_time == time(9)
    assert settings.default_timezone == "Asia/Shanghai"
    assert (settings.default_language, settings.default_layout, settings.default_cadence) == (
        "zh",
        "classic",
        "monthly",
    )
    assert (settings.broadcast_rate, settings.http_host, settings.http_port) == (25, "127.0.0.1", 8080)
    assert settings.max_lateness is None
    assert settings.token() is None
    assert (settings.packs_dir / "units.yaml").exists()


def test_values_are_read_as_people_write_them(tmp_path):
    settings = settings_of(
        tmp_path,
        "ADMIN_IDS=12, 34",
        "DEFAULT_TIME=8:30",
        "DEFAULT_TIMEZONE=europe/berlin",
        "MAX_LATENESS=6h",
        "BROADCAST_RATE=0",
        "PAID_BROADCAST=on",
        "BOT_API_URL=http://localhost:8081/",
    )
    assert settings.admin_ids == {12, 34}
    assert settings.default_time == time(8, 30)
    assert settings.default_timezone == "Europe/Berlin"
    assert settings.max_lateness == timedelta(hours=6)
    assert settings.broadcast_rate == 0
    assert settings.paid_broadcast
    assert settings.bot_api_url == "http://localhost:8081"


def test_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PORT", "9000")
    assert settings_of(tmp_path, "HTTP_PORT=9001").http_port == 9000


def test_a_variable_left_empty_counts_as_left_out(tmp_path):
    assert settings_of(tmp_path, "BOT_TOKEN=", "MAX_LATENESS=").token() is None


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("BROADCAST_RATE=fast", "BROADCAST_RATE: "),
        ("BROADCAST_RATE=-1", "BROADCAST_RATE: "),
        ("BROADCAST_RATE=inf", "BROADCAST_RATE: "),
        ("BROADCAST_RATE=nan", "BROADCAST_RATE: "),
        (
            "BROADCAST_RATE=1e300",
            "BROADCAST_RATE: write 0 for no limit, or messages a second",
        ),
        ("BROADCAST_RATE=0.001", "BROADCAST_RATE: write 0 for no limit"),
        ("BROADCAST_RATE=25/s", "BROADCAST_RATE: no number"),
        ("BOT_TOKEN=１２３:abc", "BOT_TOKEN: no bot token"),
        ("DATABASE_URL=silkline.db", "DATABASE_URL: no database URL: write sqlite"),
        ("ADMIN_IDS=99999999999999999999999", "ADMIN_IDS: "),
        ("ADMIN_IDS=0", "ADMIN_IDS: "),
        ("MAX_LATENESS=0", "MAX_LATENESS: must be from 5m"),
        ("MAX_LATENESS=1s", "MAX_LATENESS: must be from 5m"),
        ("MAX_LATENESS=99999999d", "MAX_LATENESS: "),
        ("KEEP_DELIVERIES=99999999999d", "KEEP_DELIVERIES: "),
        ("KEEP_DELIVERIES=999999999d", "KEEP_DELIVERIES: too long"),
        ("WEBHOOK_SECRET=w", "WEBHOOK_SECRET: too short"),
        ("BOT_API_URL=http://h/a b", "BOT_API_URL: no address"),
        ("DEFAULT_TIME=25:00", "DEFAULT_TIME: “25:00” is not a time of day"),
        ("DEFAULT_TIMEZONE=Mars/Base", "DEFAULT_TIMEZONE: "),
        ("DEFAULT_LANGUAGE=fr", "DEFAULT_LANGUAGE: "),
        ("ADMIN_IDS=12,bob", "ADMIN_IDS: 'bob' is no user id"),
        ("MAX_LATENESS=soon", "MAX_LATENESS: "),
        ("KEEP_DELIVERIES=7d", "KEEP_DELIVERIES: too short"),
        ("SUBSCRIBE=nobody", "SUBSCRIBE: "),
        ("ON_UNKNOWN=panic", "ON_UNKNOWN: "),
        ("HTTP_PORT=99999", "HTTP_PORT: "),
        ("BOT_API_URL=telegram", "BOT_API_URL: "),
        ("BOT_API_URL=http://:8081", "BOT_API_URL: "),
        ("BOT_API_URL=http://bots.example:eighty", "BOT_API_URL: "),
        ("BOT_API_URL=https://me:secret@bots.example", "BOT_API_URL: "),
        ("BOT_API_URL=https://bots.example/?key=secret", "BOT_API_URL: "),
        ("WEBHOOK_URL=https://bot.example", "WEBHOOK_SECRET is missing"),
        (
            "KEEP_DELIVERIES=1d",
            "KEEP_DELIVERIES: too short: with less than 31d a monthly digest could be told",
        ),
        ("MAX_LATENESS=-1h", "MAX_LATENESS: no duration"),
        ("BROADCAST_RATE=", ""),
        ("HTTP_HOST=http://127.0.0.1", "HTTP_HOST: no host"),
        ("HTTP_HOST=127.0.0.1:8080", "HTTP_HOST: no host"),
        ("HTTP_HOST=[nonsense]", "HTTP_HOST: "),
        ("HTTP_HOST=a b", "HTTP_HOST: no host"),
        ("HTTP_PORT=-1", "HTTP_PORT: "),
        ("HTTP_PORT=eighty", "HTTP_PORT: no whole number"),
        ("LOG_FORMAT=xml", "LOG_FORMAT: "),
        ("PAID_BROADCAST=perhaps", "PAID_BROADCAST: write on or off"),
        ("PICTURE_THEME=blue", "PICTURE_THEME: "),
        ("DEFAULT_LAYOUT=wide", "DEFAULT_LAYOUT: "),
        ("DEFAULT_CADENCE=hourly", "DEFAULT_CADENCE: "),
        ("WEBHOOK_URL=https://bot.example:0", "WEBHOOK_URL: port 0"),
        ("WEBHOOK_SECRET=with a blank", "WEBHOOK_SECRET: Telegram takes"),
        ("TELEGRAM_PROXY=proxy.example:1080", "TELEGRAM_PROXY: no proxy address"),
        ("TELEGRAM_PROXY=ftp://proxy.example", "TELEGRAM_PROXY: no proxy address"),
    ],
)
def test_a_wrong_line_is_told_in_one_line_that_names_the_variable(tmp_path, line, named):
    if named:
        assert fault_of(tmp_path, line).startswith(named)
    else:
        settings_of(tmp_path, line)


def test_what_was_typed_is_shown_as_it_was_typed(tmp_path):
    assert fault_of(tmp_path, "KEEP_DELIVERIES=7d").endswith("(given: '7d')")
    assert fault_of(tmp_path, "MAX_LATENESS=1s").endswith("(given: '1s')")


def test_an_unknown_name_is_told_with_the_file_and_the_name_that_is_meant(tmp_path):
    told = fault_of(tmp_path, "BOT_TOKN=1:a")
    assert told == f"BOT_TOKN in {tmp_path / '.env'} is not a setting: did you mean BOT_TOKEN?"


def test_nearly_a_setting_in_the_environment_is_found_and_other_programs_variables_are_not(monkeypatch):
    for name in os.environ:
        monkeypatch.delenv(name)
    for name in (
        "PATH",
        "HOME",
        "LOG_LEVEL",
        "DATABASE_HOST",
        "HTTP_PROXY",
        "http_proxy",
        "LANG",
        "TZ",
        "PORT",
    ):
        monkeypatch.setenv(name, "x")
    assert misspelt_names() == []
    monkeypatch.setenv("BOT_TOKN", "x")
    monkeypatch.setenv("DATABASE_URI", "x")
    assert misspelt_names() == [
        "BOT_TOKN (did you mean BOT_TOKEN?)",
        "DATABASE_URI (did you mean DATABASE_URL?)",
    ]


@pytest.mark.parametrize(
    ("given", "host"),
    [("[::1]", "::1"), ("::", "::"), ("0.0.0.0", "0.0.0.0"), ("localhost", "localhost")],  # noqa: S104 - nothing listens here
)
def test_the_host_is_read_with_brackets_or_without(tmp_path, given, host):
    assert settings_of(tmp_path, f"HTTP_HOST={given}").http_host == host


def test_a_line_end_in_the_address_of_the_database_is_left_out(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:///nl.db\n")
    assert load_settings(None).database_url == "sqlite+aiosqlite:///nl.db"


def test_a_token_file_of_a_windows_editor_is_read_or_told(tmp_path):
    file = tmp_path / "token"
    file.write_bytes("123456:ABC-DEF\r\n".encode("utf-8-sig"))
    token = settings_of(tmp_path, f"BOT_TOKEN_FILE={file}").token()
    assert token is not None
    assert token.get_secret_value() == "123456:ABC-DEF"
    file.write_bytes("123456:ABC-DEF".encode("utf-16"))
    with pytest.raises(SettingsError, match="is UTF-16: save it as UTF-8"):
        settings_of(tmp_path, f"BOT_TOKEN_FILE={file}").token()


def test_a_password_in_an_address_is_not_repeated(tmp_path):
    told = fault_of(tmp_path, "BOT_API_URL=https://me:swordfish@bots.example")
    assert told.startswith("BOT_API_URL: ")
    assert "swordfish" not in told


@pytest.mark.parametrize("line", ["BOT_TOKEN=hush-hush", "WEBHOOK_SECRET=hush hush!"])
def test_a_malformed_secret_is_not_repeated(tmp_path, line):
    assert "hush" not in fault_of(tmp_path, line)


def test_secrets_do_not_show_when_the_settings_are_printed(tmp_path):
    settings = settings_of(tmp_path, "BOT_TOKEN=123:hush", "WEBHOOK_SECRET=quiet")
    assert "hush" not in repr(settings)
    assert "quiet" not in repr(settings)


def test_the_token_is_read_from_a_file_without_its_line_end(tmp_path):
    secret = tmp_path / "token"
    secret.write_text("123:abc\n")
    token = settings_of(tmp_path, f"BOT_TOKEN_FILE={secret}").token()
    assert token is not None
    assert token.get_secret_value() == "123:abc"


def test_a_token_given_twice_is_refused(tmp_path):
    fault = fault_of(tmp_path, "BOT_TOKEN=123:abc", "BOT_TOKEN_FILE=/run/token")
    assert fault == "BOT_TOKEN and BOT_TOKEN_FILE are both set: keep one of them"


def test_a_token_file_that_is_not_there_is_named(tmp_path):
    settings = settings_of(tmp_path, f"BOT_TOKEN_FILE={tmp_path / 'nowhere'}")
    with pytest.raises(SettingsError, match=r"BOT_TOKEN_FILE: .*nowhere cannot be read"):
        settings.token()


def test_what_is_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "url").write_text("sqlite+aiosqlite:///other.db\n")
    (tmp_path / "word").write_text("hush-hush\n")
    settings = settings_of(
        tmp_path, f"DATABASE_URL_FILE={tmp_path / 'url'}", f"WEBHOOK_SECRET_FILE={tmp_path / 'word'}"
    )
    assert settings.database_url == "sqlite+aiosqlite:///other.db"
    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == "hush-hush"


def test_a_file_that_cannot_be_read_or_is_one_too_many_is_named(tmp_path):
    missing = tmp_path / "missing"
    told = fault_of(tmp_path, f"DATABASE_URL_FILE={missing}")
    assert told == f"DATABASE_URL_FILE: {missing} cannot be read: No such file or directory"
    told = fault_of(tmp_path, "WEBHOOK_SECRET=hush-hush", f"WEBHOOK_SECRET_FILE={missing}")
    assert told == "WEBHOOK_SECRET and WEBHOOK_SECRET_FILE are both set: keep one of them"


@pytest.mark.parametrize("password", ["pa/ss", "pa#ss", "pa:ss", "p%40ss"])
def test_the_password_of_the_database_is_known_to_the_log_whatever_is_in_it(tmp_path, password):
    settings = settings_of(tmp_path, f"DATABASE_URL='postgresql://silkline:{password}@localhost/silkline'")
    hidden = settings.database_password()
    assert hidden is not None
    assert hidden.get_secret_value() == password.replace("%40", "@")


@pytest.mark.parametrize("line", ["HTTP_PORT", 'HTTP_PORT="81', "HTTP PORT=81"])
def test_a_line_that_sets_nothing_is_told_by_its_number(tmp_path, line):
    told = fault_of(tmp_path, "# settings", "DEFAULT_TIME=08:00", line)
    assert told == f"{tmp_path / '.env'}: line 3 is no NAME=value"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("DATABASE_URL_FILE", "", "no database URL"),
        ("DATABASE_URL_FILE", "rubbish", "no database URL"),
        ("WEBHOOK_SECRET_FILE", "", "Telegram takes"),
        ("WEBHOOK_SECRET_FILE", "a word", "Telegram takes"),
        ("WEBHOOK_SECRET_FILE", "w", "too short"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_the_files_own_setting(tmp_path, name, content, said):
    file = tmp_path / "file"
    file.write_text(content)
    assert fault_of(tmp_path, f"{name}={file}").startswith(f"{name}: {file}: {said}")
