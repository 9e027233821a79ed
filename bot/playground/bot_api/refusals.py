"""What the server refuses, in Telegram's own words."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - reads as what it is
    """A call is refused with a code, a description and Telegram's parameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(description: str, **parameters: Any) -> Refusal:
    """A refusal with code 400."""
    return Refusal(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> Refusal:
    """A refusal with code 403."""
    return Refusal(403, f"Forbidden: {description}")
