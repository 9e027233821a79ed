"""Every setting of an instance: the only reader of the environment and of ``.env``."""

from __future__ import annotations

import os
from datetime import time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass_environment as proxy_bypass  # type: ignore[attr-defined] # typeshed lacks it

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.setting_values import (
    database_address,
    decode_text,
    file_content,
    host_name,
    is_loopback,
    keeping_time,
    lateness,
    proxy_address,
    refuse_malformed_lines,
    secret_word,
    sending_rate,
    time_of_day,
    token_text,
    user_ids,
    web_address,
)
from digests.delivery.retry_policy import OnUnknown
from digests.inputs.zones import read_zone
from digests.schedules import Cadence
from digests.subscriptions import Layout, Theme
from digests.text import Language

#: Where settings are read besides the environment.
ENV_FILE = Path(".env")

_ROOT = Path(__file__).resolve().parent.parent

#: How alike two names are when one is taken for the other misspelt.
_NEARLY = 0.88

#: Settings of which no message repeats the value.
_SECRET_NAMES = {"BOT_TOKEN", "WEBHOOK_SECRET", "TELEGRAM_PROXY"}

#: What is said instead of pydantic's words, by its name of the error.
_PLAINLY = {
    "bool_parsing": "write on or off",
    "int_parsing": "no whole number: write digits, such as 8080",
    "float_parsing": "no number: write digits, such as 25",
}


class SubscribePolicy(StrEnum):
    """Who may subscribe a chat."""

    OPEN = "open"  # everybody who may change the chat
    ALLOWLIST = "allowlist"  # only those named by ADMIN_IDS


class LogFormat(StrEnum):
    """How a log line is written."""

    TEXT = "text"
    JSON = "json"


WebAddress = Annotated[str, BeforeValidator(web_address)]
Keep = Annotated[timedelta, BeforeValidator(keeping_time)]
Lateness = Annotated[timedelta, BeforeValidator(lateness)]
Proxy = Annotated[SecretStr, BeforeValidator(proxy_address)]
Timezone = Annotated[str, BeforeValidator(read_zone)]


def packs_directory() -> Path:
    """Where the packs are: the checkout's ``data/``, else those inside the installed package."""
    checkout = _ROOT / "data"
    return checkout if (_ROOT / "pyproject.toml").exists() else _ROOT / "digests" / "_packs"


class Settings(BaseSettings):
    """The environment, read once; see README for what each variable means."""

    model_config = SettingsConfigDict(extra="forbid", env_ignore_empty=True, frozen=True)

    bot_token: Annotated[SecretStr, BeforeValidator(token_text)] | None = None
    bot_token_file: Path | None = None
    bot_api_url: WebAddress = "https://api.telegram.org"
    telegram_proxy: Proxy | None = None
    database_url: Annotated[str, AfterValidator(database_address)] = "sqlite+aiosqlite:///var/silkline.db"
    database_url_file: Path | None = None
    packs_dir: Path = Field(default_factory=packs_directory)
    admin_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(user_ids)] = frozenset()
    default_language: Language = Language.ZH
    default_layout: Layout = Layout.CLASSIC
    picture_theme: Theme = Theme.LIGHT
    default_timezone: Timezone = "Asia/Shanghai"
    default_cadence: Cadence = Cadence.MONTHLY
    default_time: Annotated[time, BeforeValidator(time_of_day)] = time(9)
    subscribe: SubscribePolicy = SubscribePolicy.OPEN
    broadcast_rate: Annotated[float, AfterValidator(sending_rate)] = 25
    paid_broadcast: bool = False
    on_unknown: OnUnknown = OnUnknown.RESEND
    max_lateness: Lateness | None = None
    keep_deliveries: Keep = timedelta(days=400)
    webhook_url: WebAddress | None = None
    webhook_secret: Annotated[SecretStr, BeforeValidator(secret_word)] | None = None
    webhook_secret_file: Path | None = None
    http_host: Annotated[str, BeforeValidator(host_name)] = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    log_format: LogFormat = LogFormat.TEXT
    otel_exporter_otlp_endpoint: WebAddress | None = None

    # read by every program, and so allowed in .env as well
    https_proxy: SecretStr | None = None
    http_proxy: SecretStr | None = None
    all_proxy: SecretStr | None = None
    no_proxy: str = ""
    tz: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Take DATABASE_URL and WEBHOOK_SECRET from the files that are named instead of them."""
        contents = {}
        for name, read in (("database_url", database_address), ("webhook_secret", secret_word)):
            if file := given.get(f"{name}_file"):
                if given.get(name):
                    raise ValueError(f"{name.upper()} and {name.upper()}_FILE are both set: keep one of them")
                contents[name] = file_content(f"{name.upper()}_FILE", Path(file), read)
        return given | contents

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.bot_token and self.bot_token_file:
            raise ValueError("BOT_TOKEN and BOT_TOKEN_FILE are both set: keep one of them")
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("WEBHOOK_SECRET is missing: WEBHOOK_URL needs one, any long random word")
        return self

    def database_password(self) -> SecretStr | None:
        """What no line of the log may show of DATABASE_URL."""
        from digests.store.connections.url import password_of  # noqa: PLC0415 - brings SQLAlchemy, which takes long

        password = password_of(self.database_url)
        return SecretStr(password) if password else None

    def proxy(self) -> str | None:
        """The proxy to Telegram: TELEGRAM_PROXY, else the usual variables of the environment; None for none.

        HTTPS_PROXY or HTTP_PROXY (by the scheme of BOT_API_URL) comes before ALL_PROXY. NO_PROXY is
        obeyed, and a server on this machine is never asked through the environment's proxy.

        Raises:
            SettingsError: the proxy of the environment is no address.
        """
        if self.telegram_proxy:
            return self.telegram_proxy.get_secret_value()
        server = urlsplit(self.bot_api_url)
        name = "https_proxy" if server.scheme == "https" else "http_proxy"
        name = name if getattr(self, name) else "all_proxy"
        given: SecretStr | None = getattr(self, name)
        is_direct = is_loopback(server.hostname) or proxy_bypass(server.netloc, {"no": self.no_proxy})
        if given is None or is_direct:
            return None
        address = given.get_secret_value()
        try:
            return str(proxy_address(address if "://" in address else f"http://{address}"))
        except ValueError as error:
            raise SettingsError(f"{name.upper()}: {error}") from None

    def proxy_password(self) -> SecretStr | None:
        """What no line of the log may show of the proxy's address."""
        password = urlsplit(self.proxy() or "").password
        return SecretStr(unquote(password)) if password else None

    def token(self) -> SecretStr | None:
        """The bot's token, from the variable or from the file; None when there is neither.

        Raises:
            SettingsError: BOT_TOKEN_FILE cannot be read or holds no token.
        """
        if self.bot_token_file is None:
            return self.bot_token
        try:
            return SecretStr(token_text(decode_text(self.bot_token_file.read_bytes())))
        except OSError as error:
            message = f"BOT_TOKEN_FILE: {self.bot_token_file} cannot be read: {error.strerror}"
            raise SettingsError(message) from None
        except ValueError as error:
            raise SettingsError(f"BOT_TOKEN_FILE: {self.bot_token_file}: {error}") from None


def load_settings(env_file: Path | None = ENV_FILE, **changes: Any) -> Settings:
    """Read the settings; *changes* replace what the environment says.

    Raises:
        SettingsError: a value is malformed, or the file holds an unknown name; one line.
    """
    try:
        if env_file is not None and env_file.is_file():
            refuse_malformed_lines(decode_text(env_file.read_bytes()))
        return Settings(_env_file=env_file, _env_file_encoding="utf-8-sig", **changes)
    except ValidationError as error:
        raise SettingsError(_in_one_line(error, env_file)) from None
    except ValueError as error:
        raise SettingsError(f"{env_file}: {error}") from None
    except OSError as error:
        raise SettingsError(f"{env_file} cannot be read: {error.strerror}") from None


def logs_json() -> bool:
    """Whether the environment asks for a log of JSON, whatever else in it is wrong."""
    return os.environ.get("LOG_FORMAT") == LogFormat.JSON


def misspelt_names() -> list[str]:
    """What stands in the environment and is nearly the name of a setting; each with the one that is meant."""
    known = [field.upper() for field in Settings.model_fields]
    unknown = [name for name in os.environ if name.upper() not in known]
    near = {name: get_close_matches(name.upper(), known, 1, _NEARLY) for name in unknown}
    return [f"{name} (did you mean {meant[0]}?)" for name, meant in sorted(near.items()) if meant]


def _in_one_line(error: ValidationError, env_file: Path | None) -> str:
    detail = error.errors(include_url=False, include_context=False)[0]
    message = detail["msg"].removeprefix("Value error, ")
    if not detail["loc"]:
        return message
    message = _PLAINLY.get(detail["type"], message)
    name = str(detail["loc"][0]).upper()
    if detail["type"] == "extra_forbidden":
        return f"{name} in {env_file} is not a setting{_meant(name)}"
    # an address may hold a password, as the others hold a secret
    is_secret = name in _SECRET_NAMES or "@" in str(detail["input"])
    return f"{name}: {message}" + ("" if is_secret else f" (given: {detail['input']!r})")


def _meant(name: str) -> str:
    near = get_close_matches(name, [field.upper() for field in Settings.model_fields], 1)
    return f": did you mean {near[0]}?" if near else ""
