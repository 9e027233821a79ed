"""Limits and fixed names of the Bot API that several packages need."""

from __future__ import annotations

#: Telegram's limit for the data of a button, in bytes.
CALLBACK_LIMIT = 64

#: The id under which the picture of a rich message is attached to it.
PICTURE_ID = "picture"

#: No title of a chat is longer (characters); a server that sends one is not taken at its word.
TITLE_LIMIT = 255
