"""Column types that mean the same on every database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, String, TypeDecorator

E = TypeVar("E", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC: SQLite would forget the zone, PostgreSQL would convert it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_sqlite_text(value: datetime) -> str:
    """An instant as `UtcDateTime` keeps it in SQLite, for statements that are given JSON."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class ClockTime(TypeDecorator[time]):
    """A time of day, kept as a person writes it: ``09:00``."""

    impl = String(5)
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else f"{value:%H:%M}"

    def process_result_value(self, value: Any | None, dialect: Dialect) -> time | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else time.fromisoformat(value)


class Names(TypeDecorator[tuple[str, ...]]):
    """A few names without commas in them, kept as one text that a person can read."""

    impl = String(400)
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else ",".join(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else tuple(name for name in value.split(",") if name)


class Word(TypeDecorator[E]):
    """A member of an enumeration, kept as its value."""

    impl = String(20)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words
        self._members = {None: None} | {word.value: word for word in words}

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], E | None]:  # noqa: ARG002 - SQLAlchemy's signature
        """Looks a word up; each row of a claim has several, and calling the enumeration takes far longer."""
        return self._members.__getitem__
