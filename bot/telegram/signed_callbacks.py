"""Buttons that change something: each names its chat and purpose, and carries a seal against forgery.

A modified app can press buttons that were never shown. The seal binds what a button does to the
chat that it was shown in; the rights of whoever presses it are looked up afresh all the same.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from bot.telegram.limits import CALLBACK_LIMIT
from digests.subscriptions import Address

_MARK = "~"
_SEAL_BYTES = 6
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class SignedAction:
    """What a button does: a verb, for a chat or topic, with a value."""

    verb: str
    address: Address
    value: str = ""


class CallbackSigner:
    """Makes and opens the data of such buttons; *secret* is the bot's token."""

    def __init__(self, secret: str) -> None:
        self._key = sha256(f"buttons of {secret}".encode()).digest()

    def close(self, shown_in: int, button: SignedAction) -> str:
        """The data of a button that is shown in a chat.

        Raises:
            ValueError: the value is too long for Telegram's 64 bytes.
        """
        body = f"{_MARK}{button.verb}|{_word_address(button.address)}|{button.value}"
        data = f"{body}|{self._sign(shown_in, body)}"
        if len(data.encode()) > CALLBACK_LIMIT:
            raise ValueError(f"the data of a button is too long: {data}")
        return data

    def open(self, shown_in: int, data: str) -> SignedAction | None:
        """Read a pressed button back; None when it is not ours, or was made for another chat."""
        body, _, signature = data.rpartition("|")
        if not hmac.compare_digest(self._sign(shown_in, body).encode(), signature.encode(errors="replace")):
            return None
        verb, place, value = body.removeprefix(_MARK).split("|", 2)
        chat_id, _, thread_id = place.partition(".")
        return SignedAction(verb, Address(int(chat_id, 36), int(thread_id, 36)), value)

    def number(self, purpose: str, user_id: int) -> int:
        """A number of 31 bits that only this bot can make, for requests that carry nothing else."""
        digest = hmac.digest(self._key, f"{purpose} {user_id}".encode(), "sha256")
        return int.from_bytes(digest[:4]) >> 1

    def _sign(self, shown_in: int, body: str) -> str:
        digest = hmac.digest(self._key, f"{shown_in} {body}".encode(errors="replace"), "sha256")
        return urlsafe_b64encode(digest[:_SEAL_BYTES]).decode()


def is_signed(data: str) -> bool:
    """Whether the data of a button claims to be sealed."""
    return data.startswith(_MARK)


def _word_address(address: Address) -> str:
    return f"{_in_36(address.chat_id)}.{_in_36(address.thread_id)}"


def _in_36(number: int) -> str:
    sign, number, digits = "-" if number < 0 else "", abs(number), ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"{sign}{digits or '0'}"
