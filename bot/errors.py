"""What an operator can mend: told in one plain line, never as a traceback."""

from __future__ import annotations


class OperatorError(Exception):
    """Something outside is wrong; the message says what, where, and what would work."""

    exit_code = 1


class SettingsError(OperatorError):
    """A setting is malformed, unknown or missing; the message names the variable."""

    exit_code = 2
