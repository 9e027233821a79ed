"""What an operator can mend: told in one plain line, never as a traceback."""

from __future__ import annotations


class Fault(Exception):  # noqa: N818 - reads as what it is
    """Something outside is wrong; the message says what, where, and what would work."""

    exit_code = 1


class SettingsFault(Fault):
    """A setting is malformed, unknown or missing; the message names the variable."""

    exit_code = 2
