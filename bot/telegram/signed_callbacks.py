"""Signed callback data (HMAC-SHA-256): buttons that act on a chat cannot be forged or moved elsewhere.

A modified app can press buttons that were never shown. The signature binds the action to the chat that
shows the button; the rights of the person who presses it are checked separately, each time.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from string import ascii_letters, digits

from bot.telegram.callback_data import SignedCallback, SubscriptionAction
from digests.subscriptions import Address

_SIGNATURE_BYTES = 6
_SEAL_LENGTH = _SIGNATURE_BYTES * 4 // 3
_DIGITS = digits + ascii_letters
_BASE = len(_DIGITS)


@dataclass(frozen=True, slots=True)
class SignedAction:
    """An action on a chat or topic, with a value."""

    action: SubscriptionAction
    address: Address
    value: str = ""


class CallbackSigner:
    """Signs and verifies callback data; *secret* is the bot's token."""

    def __init__(self, secret: str) -> None:
        self._key = sha256(f"buttons of {secret}".encode()).digest()

    def sign(self, shown_in: int, action: SignedAction) -> str:
        """The data of a button that is shown in a chat.

        Raises:
            ValueError: the value is too long for Telegram's 64 bytes, or holds the separator.
        """
        data = SignedCallback(
            action=action.action, address=_format_address(action.address), value=action.value
        )
        data.signature = self._signature(shown_in, data)
        return data.pack()

    def verify(self, shown_in: int, data: str) -> SignedAction | None:
        """Read the data of a pressed button; None if it is malformed, forged, or of another chat."""
        try:
            read = SignedCallback.unpack(data)
        except (TypeError, ValueError):
            return None
        expected, given = self._signature(shown_in, read).encode(), read.signature.encode(errors="replace")
        if not hmac.compare_digest(expected, given):
            return None
        return SignedAction(read.action, _read_address(read.address), read.value)

    def seal(self, address: Address) -> str:
        """An address as the payload of a link: only this bot can make it, and only letters are in it."""
        written = _format_address(address).replace(".", "_")
        return f"{written}_{self._seal(written)}"

    def unseal(self, payload: str) -> Address | None:
        """The address of a sealed payload; None if it is malformed or forged."""
        written, given = payload[: -_SEAL_LENGTH - 1], payload[-_SEAL_LENGTH:]
        if not hmac.compare_digest(self._seal(written).encode(), given.encode(errors="replace")):
            return None
        return _read_address(written.replace("_", "."))

    def _seal(self, written: str) -> str:
        digest = hmac.digest(self._key, f"link {written}".encode(errors="replace"), "sha256")
        return urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode()

    def request_id(self, purpose: str, user_id: int) -> int:
        """A number of 31 bits that only this bot can make: Telegram gives it back with a picked chat."""
        digest = hmac.digest(self._key, f"{purpose} {user_id}".encode(), "sha256")
        return int.from_bytes(digest[:4]) >> 1

    def _signature(self, shown_in: int, data: SignedCallback) -> str:
        body = f"{shown_in} {data.action}|{data.address}|{data.value}"
        digest = hmac.digest(self._key, body.encode(errors="replace"), "sha256")
        return urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode()


def is_signed(data: str) -> bool:
    """Whether the data of a button claims to be signed."""
    return data.startswith(f"{SignedCallback.__prefix__}{SignedCallback.__separator__}")


def _format_address(address: Address) -> str:
    return f"{_to_base_62(address.chat_id)}.{_to_base_62(address.thread_id)}"


def _read_address(text: str) -> Address:
    chat_id, _, thread_id = text.partition(".")
    return Address(_from_base_62(chat_id), _from_base_62(thread_id))


def _to_base_62(number: int) -> str:
    sign, number, text = "-" if number < 0 else "", abs(number), ""
    while number:
        number, digit = divmod(number, _BASE)
        text = _DIGITS[digit] + text
    return f"{sign}{text or '0'}"


def _from_base_62(text: str) -> int:
    number = 0
    for digit in text.removeprefix("-"):
        number = number * _BASE + _DIGITS.index(digit)
    return -number if text.startswith("-") else number
