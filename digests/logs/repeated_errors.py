"""Saying once what goes wrong again and again, and once that it works again."""

from __future__ import annotations

import logging
from collections.abc import Callable


def reason(error: BaseException) -> str:
    """What went wrong outside in plain words; an error of ours with its class."""
    cause = getattr(error, "orig", None) or error  # as SQLAlchemy wraps it
    words = next(iter(str(cause).splitlines()), "").strip()
    if isinstance(cause, OSError):
        by_kind = "no answer in time" if isinstance(cause, TimeoutError) else "the connection was cut"
        return cause.strerror or words or by_kind
    if words and (cause is not error or getattr(error, "is_plain", False)):
        return words
    return f"{type(cause).__name__}: {words}" if words else type(cause).__name__


class RepeatedErrors:
    """What is wrong just now with several named pieces of work.

    An error that *is_outside*, as that of a database that is away, is told without its trace.
    """

    def __init__(
        self, log: logging.Logger, is_outside: Callable[[Exception], bool] = lambda _: False
    ) -> None:
        self._log = log
        self._is_outside = is_outside
        self._now: dict[str, str] = {}

    def failed(self, name: str, error: Exception) -> None:
        """A piece of work failed: one line, and the trace of a fault of ours, when that is new."""
        trouble = reason(error)
        if self._now.get(name) != trouble:
            is_outside = getattr(error, "is_plain", False) or self._is_outside(error)
            trace = None if is_outside else error
            self._log.error("%s failed and is tried again: %s", name, trouble, exc_info=trace)
        self._now[name] = trouble

    def worked(self, name: str) -> None:
        """A piece of work was done: said when it had failed before."""
        if self._now.pop(name, None) is not None:
            self._log.info("%s works again", name)
