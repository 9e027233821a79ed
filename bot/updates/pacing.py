"""How fast a server is asked that answers at once and says nothing new."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)

#: So many such answers in a row are taken for chance.
_TOLERATED = 3

#: Pauses after the next ones (seconds).
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0

#: An answer that took longer than this was held back (seconds).
_AT_ONCE = 0.5


class Pacing:
    """Slows a loop down that would run hot, and tells so once."""

    def __init__(self) -> None:
        self._idle_in_a_row = 0
        self._is_malformed = False

    def saw(self, *, malformed: int) -> None:
        """An answer came, with so many entries that are no updates."""
        if malformed and not self._is_malformed:
            log.error(
                "Telegram sends what is no update with an id, such as %s entries now; left out", malformed
            )
        elif not malformed and self._is_malformed:
            log.info("Telegram sends updates with ids again")
        self._is_malformed = malformed > 0

    def pause(self, seconds: float, *, is_idle: bool, hold: float) -> float:
        """How long to wait after a call of so many seconds, which was to be held back (seconds)."""
        if not is_idle or hold == 0 or seconds >= min(_AT_ONCE, hold / 2):
            if self._idle_in_a_row > _TOLERATED:
                log.info("Telegram holds its empty answers back again")
            self._idle_in_a_row = 0
            return 0
        self._idle_in_a_row += 1
        over = self._idle_in_a_row - _TOLERATED
        if over == 1:
            log.warning("Telegram answers at once and without updates: it is asked less often")
        return min(_FIRST_PAUSE * 2 ** min(over - 1, 10), _LONGEST_PAUSE) if over > 0 else 0
