"""Saying once what goes wrong again and again, and once that it works again."""

from __future__ import annotations

import logging


class RepeatedErrors:
    """What is wrong just now with several named pieces of work."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._now: dict[str, str] = {}

    def failed(self, name: str, error: Exception) -> None:
        """A piece of work failed: one line and the trace when that is new, nothing when it is not."""
        trouble = f"{type(error).__name__}: {error}".splitlines()[0]
        if self._now.get(name) != trouble:
            self._log.error("%s failed and is tried again: %s", name, trouble, exc_info=error)
        self._now[name] = trouble

    def worked(self, name: str) -> None:
        """A piece of work was done: said when it had failed before."""
        if self._now.pop(name, None) is not None:
            self._log.info("%s works again", name)
