"""Links of t.me: they open the private chat with a payload, or offer to pass a link on."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from digests.schedules import Occasion

_HOST = "t.me"
#: So much of a text goes into a link (bytes): each may take three characters of the 2,048 of an address.
_SHARED = 540


class LinkKind(StrEnum):
    """What a payload opens: its first letter."""

    MILESTONE = "m"
    FIGURE = "f"
    PLACE = "p"
    OCCASION = "o"
    ERROR = "e"  # reports an error in what follows: a fact's id, or an occasion
    SETTINGS = "s"  # of a chat; sealed


def opening(username: str, payload: str) -> str:
    """The link that sends ``/start payload`` in the private chat."""
    return f"https://{_HOST}/{username}?start={payload}"


def sharing(link: str, text: str) -> str:
    """The link that lets a reader choose to whom to send *link*, below *text*; a long one is cut."""
    if len(text.encode()) > _SHARED:
        text = text.encode()[:_SHARED].decode(errors="ignore").rstrip() + "…"
    return f"https://{_HOST}/share/url?{urlencode({'url': link, 'text': text}, quote_via=quote)}"


def payload_of(link: str) -> str:
    """The payload of an opening link; empty when the link is another."""
    parts = urlsplit(link)
    return parse_qs(parts.query).get("start", [""])[0] if parts.netloc == _HOST else ""


def is_payload(text: str) -> bool:
    """Whether a text is shaped like a payload of ours."""
    kind, _, named = text.partition("-")
    return kind in set(LinkKind) and bool(named)


def occasion_payload(occasion: Occasion) -> str:
    """An occasion in the letters that a payload may hold."""
    return occasion.key.replace(":", "_")


def read_occasion_payload(text: str) -> Occasion:
    """Read what `occasion_payload` wrote.

    Raises:
        ValueError: it names no occasion.
    """
    return Occasion.parse(text.replace("_", ":", 1))
