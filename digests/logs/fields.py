"""What a line of the log is about: fields that every line carries which is written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

#: The fields of now; a value may be a function, which is asked only when a line is written.
_FIELDS: ContextVar[Mapping[str, Any]] = ContextVar("log fields", default=MappingProxyType({}))


@contextmanager
def log_fields(**fields: Any) -> Iterator[None]:
    """Have the lines written within carry these fields, such as ``chat_id``; titles and texts are none."""
    token = _FIELDS.set({**_FIELDS.get(), **fields})
    try:
        yield
    finally:
        _FIELDS.reset(token)


def current_fields() -> dict[str, Any]:
    """The fields of a line that is written now; those without a value are left out."""
    found = {name: value() if callable(value) else value for name, value in _FIELDS.get().items()}
    return {name: value for name, value in found.items() if value is not None}
