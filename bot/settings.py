"""Every setting of an instance: the only reader of the environment and of ``.env``."""

from __future__ import annotations

import re
from datetime import time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from digests.delivery.retry_policy import OnUnknown
from digests.pictures.style import Theme
from digests.schedules import Cadence
from digests.store.connections.url import password_of
from digests.subscriptions import Layout
from digests.text import Language
from digests.timeparse import parse_time, parse_timezone

_ROOT = Path(__file__).resolve().parent.parent

_DURATION = re.compile(r"(\d+)\s*([smhd]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_SHORTEST_KEEP = timedelta(days=31)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class SubscribePolicy(StrEnum):
    """Who may subscribe a chat."""

    OPEN = "open"  # everybody who may change the chat
    ALLOWLIST = "allowlist"  # only those named by ADMIN_IDS


class LogFormat(StrEnum):
    """How a log line is written."""

    TEXT = "text"
    JSON = "json"


def _ids(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    names = value.replace(",", " ").split()
    wrong = [name for name in names if not name.isascii() or not name.isdigit()]
    if wrong:
        raise ValueError(
            f"{wrong[0]!r} is no user id: write numbers with commas between, such as 12345,67890"
        )
    return frozenset(int(name) for name in names)


def _time_of_day(value: Any) -> Any:
    return parse_time(value) if isinstance(value, str) else value


def _duration(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip().lower())
    if match is None:
        raise ValueError("no duration: write 90m, 6h or 2d")
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def _long_enough(value: timedelta) -> timedelta:
    if value < _SHORTEST_KEEP:
        raise ValueError("too short: with less than 31d a monthly digest could be told twice")
    return value


def _token(value: Any) -> Any:
    if isinstance(value, str) and not _TOKEN.fullmatch(value.strip()):
        raise ValueError("no bot token: copy it from @BotFather, such as 123456:ABC-DEF")
    return value.strip() if isinstance(value, str) else value


def _secret(value: Any) -> Any:
    if isinstance(value, str) and not _SECRET.fullmatch(value):
        raise ValueError("Telegram takes 1 to 256 of the characters A-Z a-z 0-9 _ -")
    return value


def _content(name: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ValueError(f"{name.upper()}_FILE: {file} cannot be read: {reason}") from None


def _web_address(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not re.match(r"https?://[^/]", value) or not (parts := urlsplit(value)).hostname:
        raise ValueError("no address: write it with http:// or https://")
    if parts.username or parts.query or parts.fragment:
        raise ValueError("an address without a name, a query or a fragment is needed")
    if parts.port == 0:  # one that is no number is refused by being read
        raise ValueError("port 0 is none")
    return value.rstrip("/")


WebAddress = Annotated[str, BeforeValidator(_web_address)]
Keep = Annotated[timedelta, AfterValidator(_long_enough), BeforeValidator(_duration)]
Stripped = Annotated[str, AfterValidator(str.strip)]
Timezone = Annotated[str, BeforeValidator(parse_timezone)]


def packs_directory() -> Path:
    """Where the packs are: the checkout's ``data/``, else those inside the installed package."""
    checkout = _ROOT / "data"
    return checkout if (_ROOT / "pyproject.toml").exists() else _ROOT / "digests" / "_packs"


class Settings(BaseSettings):
    """The environment, read once; see README for what each variable means."""

    model_config = SettingsConfigDict(extra="forbid", env_ignore_empty=True, frozen=True)

    bot_token: Annotated[SecretStr, BeforeValidator(_token)] | None = None
    bot_token_file: Path | None = None
    bot_api_url: WebAddress = "https://api.telegram.org"
    database_url: Stripped = "sqlite+aiosqlite:///var/silkline.db"
    database_url_file: Path | None = None
    packs_dir: Path = Field(default_factory=packs_directory)
    admin_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)] = frozenset()
    default_language: Language = Language.ZH
    default_layout: Layout = Layout.CLASSIC
    picture_theme: Theme = Theme.LIGHT
    default_timezone: Timezone = "Asia/Shanghai"
    default_cadence: Cadence = Cadence.MONTHLY
    default_time: Annotated[time, BeforeValidator(_time_of_day)] = time(9)
    subscribe: SubscribePolicy = SubscribePolicy.OPEN
    broadcast_rate: Annotated[float, Field(ge=0)] = 25
    paid_broadcast: bool = False
    on_unknown: OnUnknown = OnUnknown.RESEND
    max_lateness: Annotated[timedelta, BeforeValidator(_duration)] | None = None
    keep_deliveries: Keep = timedelta(days=400)
    webhook_url: WebAddress | None = None
    webhook_secret: Annotated[SecretStr, BeforeValidator(_secret)] | None = None
    webhook_secret_file: Path | None = None
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    log_format: LogFormat = LogFormat.TEXT

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, given: Any) -> Any:
        """Take DATABASE_URL and WEBHOOK_SECRET from the files that are named instead of them."""
        for name in ("database_url", "webhook_secret"):
            file = given.get(f"{name}_file") if isinstance(given, dict) else None
            if file and given.get(name):
                raise ValueError(f"{name.upper()} and {name.upper()}_FILE are both set: keep one of them")
            if file:
                given = {**given, name: _content(name, Path(file))}
        return given

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.bot_token and self.bot_token_file:
            raise ValueError("BOT_TOKEN and BOT_TOKEN_FILE are both set: keep one of them")
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("WEBHOOK_SECRET is missing: WEBHOOK_URL needs one, any long random word")
        return self

    def database_password(self) -> SecretStr | None:
        """What no line of the log may show of DATABASE_URL."""
        password = password_of(self.database_url)
        return SecretStr(password) if password else None

    def token(self) -> SecretStr | None:
        """The bot's token, from the variable or from the file; None when there is neither.

        Raises:
            SettingsFault: BOT_TOKEN_FILE cannot be read or holds no token.
        """
        if self.bot_token_file is None:
            return self.bot_token
        try:
            return SecretStr(_token(self.bot_token_file.read_text(encoding="utf-8")))
        except OSError as error:
            message = f"BOT_TOKEN_FILE: {self.bot_token_file} cannot be read: {error.strerror}"
            raise SettingsError(message) from None
        except ValueError as error:
            raise SettingsError(f"BOT_TOKEN_FILE: {self.bot_token_file}: {error}") from None


def load_settings(env_file: Path | None = Path(".env"), **changes: Any) -> Settings:
    """Read the settings; *changes* replace what the environment says.

    Raises:
        SettingsFault: a value is malformed, or ``.env`` holds an unknown name; one line.
    """
    try:
        return Settings(_env_file=env_file, **changes)
    except (ValidationError, UnicodeDecodeError) as error:
        raise SettingsError(_in_one_line(error)) from None


def _in_one_line(error: ValidationError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return ".env: the file is not UTF-8"
    detail = error.errors(include_url=False, include_context=False)[0]
    message = detail["msg"].removeprefix("Value error, ")
    if not detail["loc"]:
        return message
    name = str(detail["loc"][0]).upper()
    if detail["type"] == "extra_forbidden":
        return f"{name} in .env is not a setting{_meant(name)}"
    # an address may hold a password, as the others hold a secret
    is_secret = name in {"BOT_TOKEN", "WEBHOOK_SECRET"} or "@" in str(detail["input"])
    return f"{name}: {message}" + ("" if is_secret else f" (given: {detail['input']!r})")


def _meant(name: str) -> str:
    near = get_close_matches(name, [field.upper() for field in Settings.model_fields], 1)
    return f": did you mean {near[0]}?" if near else ""
