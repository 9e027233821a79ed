"""Readers of single settings: a string of the environment becomes a value, or a reason why not.

Each reader passes on what is no string, so that code may give values of the right type.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv.parser import parse_stream

from digests.inputs.times import read_time

_DURATION = re.compile(r"([0-9]{1,9})\s*([smhd]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

#: What is said of a file that an editor of Windows wrote.
IS_UTF16 = "the file is UTF-16: save it as UTF-8"

#: Telegram's ids have at most 52 significant bits.
_LARGEST_ID = 2**52

#: A digest that may be no later than this would hardly ever go out; nobody reads one older than that.
_LATENESS = (timedelta(minutes=5), timedelta(days=31))

#: Deliveries are kept so that nothing is told twice, and no longer than anybody asks for them.
_KEEP = (timedelta(days=31), timedelta(days=36_500))

#: A shorter secret is guessed, and hiding it in the log would hide ordinary words.
_SHORTEST_SECRET = 5

#: Messages a second: more than any server takes, and so few that a broadcast would never end.
_FASTEST, _SLOWEST = 10_000, 0.1

_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")
_PROXY_FORM = (
    "no proxy address: write http://, https://, socks5:// or socks5h:// and [user:password@]host:port,"
    " with %40 %3A %2F %23 for @ : / # in a password"
)


def user_ids(value: Any) -> Any:
    """Ids of users, with commas or blanks between."""
    if not isinstance(value, str):
        return value
    names = value.replace(",", " ").split()
    for name in names:
        if not (name.isascii() and name.isdigit() and len(name) < 20 and 0 < int(name) < _LARGEST_ID):  # noqa: PLR2004 - more digits than any id has
            raise ValueError(f"{name[:40]!r} is no user id: write numbers with commas between, such as 12345")
    return frozenset(int(name) for name in names)


def time_of_day(value: Any) -> Any:
    """A time such as 09:00."""
    return read_time(value) if isinstance(value, str) else value


def duration(value: Any) -> Any:
    """A length of time such as 90m, 6h or 2d."""
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip().lower())
    if match is None:
        raise ValueError("no duration: write 90m, 6h or 2d")
    return timedelta(
        seconds=int(match[1]) * _SECONDS[match[2]]
    )  # nine digits of days are the longest there is


def lateness(given: Any) -> Any:
    """How late a digest may be: between five minutes and a month."""
    value = duration(given)
    if not _LATENESS[0] <= value <= _LATENESS[1]:
        raise ValueError("must be from 5m to 31d: with less, digests would be skipped instead of sent")
    return value


def keeping_time(given: Any) -> Any:
    """How long deliveries are kept: between a month and a hundred years."""
    value = duration(given)
    if value < _KEEP[0]:
        raise ValueError("too short: with less than 31d a monthly digest could be told twice")
    if value > _KEEP[1]:
        raise ValueError("too long: at most 36500d")
    return value


def sending_rate(value: float) -> float:
    """Messages a second; 0 for no limit."""
    if not (value == 0 or _SLOWEST <= value <= _FASTEST):
        raise ValueError(f"write 0 for no limit, or messages a second from {_SLOWEST:g} to {_FASTEST}")
    return value


def database_address(value: str) -> str:
    """The URL of a database; what it names is looked at when it is opened."""
    text = value.strip()
    if "://" not in text:
        raise ValueError(
            "no database URL: write sqlite+aiosqlite:///var/silkline.db"
            " or postgresql+asyncpg://user:password@host/database"
        )
    return text


def token_text(value: Any) -> Any:
    """A token as @BotFather gives it."""
    if isinstance(value, str) and not _TOKEN.fullmatch(value.strip()):
        raise ValueError("no bot token: copy it from @BotFather, such as 123456:ABC-DEF")
    return value.strip() if isinstance(value, str) else value


def secret_word(value: Any) -> Any:
    """The word by which Telegram's calls are known."""
    if not isinstance(value, str):
        return value
    word = value.strip()
    if not _SECRET.fullmatch(word):
        raise ValueError("Telegram takes 1 to 256 of the characters A-Z a-z 0-9 _ -")
    if len(word) < _SHORTEST_SECRET:
        raise ValueError("too short to be a secret: write a long random word")
    return word


def file_content(name: str, file: Path, read: Callable[[str], Any]) -> Any:
    """What stands in the file that the setting *name* names, as *read* reads it."""
    try:
        return read(decode_text(file.read_bytes()).strip())
    except OSError as error:
        raise ValueError(f"{name}: {file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {file}: {error}") from None


def refuse_malformed_lines(text: str) -> None:
    """See to it that each line of a file of settings is one, a comment or empty.

    Raises:
        ValueError: a line is none of them.
    """
    for line in parse_stream(StringIO(text)):
        if line.error or (line.key and line.value is None):
            raise ValueError(f"line {line.original.line} is no NAME=value")


def decode_text(content: bytes) -> str:
    """Text of UTF-8, with a byte-order mark or without.

    Raises:
        ValueError: it is in another encoding, or no text.
    """
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise ValueError(IS_UTF16)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"the file is not UTF-8 at byte {error.start}: save it as UTF-8") from None


def web_address(value: Any) -> Any:
    """An address with http or https, without a slash at its end."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    is_written = re.match(r"https?://[^/\s]+[^\s]*$", text)
    if not is_written or not _is_host((parts := urlsplit(text)).hostname or ""):
        raise ValueError("no address: write it with http:// or https://")
    if parts.username or parts.query or parts.fragment:
        raise ValueError("an address without a name, a query or a fragment is needed")
    if parts.port == 0:  # one that is no number is refused by being read
        raise ValueError("port 0 is none")
    return text.rstrip("/")


def _is_host(name: str) -> bool:
    """Whether a name can be looked up: none of its parts is empty or longer than 63 letters."""
    try:
        return bool(name.encode("idna"))
    except UnicodeError:
        return False


def host_name(value: Any) -> Any:
    """A host or an address of this machine, without the brackets of IPv6."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    host = text.removeprefix("[").removesuffix("]")
    is_name = re.fullmatch(r"[A-Za-z0-9._-]+", text) and _is_host(text)
    if not (_is_ipv6(host) or is_name):
        raise ValueError("no host: write an address of this machine, such as 127.0.0.1, 0.0.0.0, ::1 or ::")
    return host


def _is_ipv6(host: str) -> bool:
    try:
        return ip_address(host).version == 6  # noqa: PLR2004 - the protocol's name
    except ValueError:
        return False


def proxy_address(value: Any) -> Any:
    """The address of a proxy; no message repeats it, since it may hold a password."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in _PROXY_SCHEMES and _is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        is_address = False
    else:
        is_address = is_address and not (parts.path.strip("/") or parts.query or parts.fragment)
    if not is_address or re.search(r"\s", text):
        raise ValueError(_PROXY_FORM)
    return text.rstrip("/")


def is_loopback(host: str | None) -> bool:
    """Whether a host name is this machine's own."""
    if host is None or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
