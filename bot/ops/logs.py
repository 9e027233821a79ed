"""Log lines for people or for machines; no secret is ever in one."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import SecretStr

from bot.settings import LogFormat
from digests.logs.fields import current_fields

_TEXT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

#: These speak of every call at INFO.
_TALKATIVE = ("aiogram.event", "apscheduler", "aiohttp.access", "alembic", "matplotlib")


#: What a line may say of itself by ``extra=``.
_EXTRA = ("update_id", "delivery_id", "chat_id", "command", "duration")


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **current_fields(),
        }
        entry |= {name: record.__dict__[name] for name in _EXTRA if name in record.__dict__}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class _Discreet(logging.Formatter):
    """Hides secrets, also where a library put them into an address or a traceback."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def as_json(message: str) -> str:
    """A line for standard output in the form of the log's."""
    return _Json().format(logging.LogRecord("bot", logging.INFO, "", 0, message, None, None))


def set_up_logging(form: LogFormat, *secrets: SecretStr | None) -> None:
    """Log to standard error from now on, without *secrets*."""
    inner = _Json() if form is LogFormat.JSON else logging.Formatter(_TEXT)
    handler = logging.StreamHandler()
    handler.setFormatter(_Discreet(inner, [secret.get_secret_value() for secret in secrets if secret]))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
