"""Telegram's HTML, read as strictly as Telegram does: text and entities in UTF-16 units."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from bot.playground.bot_api.refusals import bad_request

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "tg-spoiler": "spoiler", "a": "text_link", "blockquote": "blockquote",
}  # fmt: skip
_TAG = re.compile(r"<(?P<end>/)?(?P<name>[a-zA-Z0-9-]*)(?P<attributes>[^>]*)>")
_ATTRIBUTE = re.compile(r"""([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_REFERENCE = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot);")


@dataclass(slots=True)
class _Open:
    name: str
    entity: dict[str, Any]


@dataclass(slots=True)
class _Reading:
    text: str = ""
    open: list[_Open] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text of a message and its entities.

    Raises:
        Refusal: a tag is unknown, unclosed, crossed or wrongly nested, as Telegram words it.
    """
    reading = _Reading()
    cursor = 0
    while cursor < len(source):
        start = source.find("<", cursor)
        reading.text += _unescape(source[cursor : start if start >= 0 else None])
        if start < 0:
            break
        tag = _TAG.match(source, start)
        offset = len(source[:start].encode())
        if tag is None:
            raise bad_request(f"can't parse entities: Unclosed start tag at byte offset {offset}")
        (_close if tag["end"] else _start)(reading, tag, offset)
        cursor = tag.end()
    if reading.open:
        name = reading.open[-1].name
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{name}\"")
    return _trimmed(reading)


def _unescape(text: str) -> str:
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text)


def _start(reading: _Reading, tag: re.Match[str], offset: int) -> None:
    name = tag["name"].lower()
    if name not in _KINDS:
        raise bad_request(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
    if name == "blockquote" and any(outer.name == "blockquote" for outer in reading.open):
        raise bad_request(f"can't parse entities: Nested blockquotes are not allowed at byte offset {offset}")
    entity: dict[str, Any] = {"type": _KINDS[name], "offset": units(reading.text)}
    attributes = {
        match[1]: match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(tag["attributes"])
    }
    if name == "a":
        entity["url"] = html.unescape(attributes.get("href", ""))
    if name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    reading.open.append(_Open(name, entity))


def _close(reading: _Reading, tag: re.Match[str], offset: int) -> None:
    if not reading.open:
        raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {offset}")
    opened = reading.open.pop()
    name = tag["name"].lower()
    if name not in ("", opened.name):
        raise bad_request(
            f"can't parse entities: Unmatched end tag at byte offset {offset}, "
            f'expected "</{opened.name}>", found "</{name}>"'
        )
    opened.entity["length"] = units(reading.text) - opened.entity["offset"]
    if opened.entity["length"] and opened.entity.get("url", "x"):
        reading.entities.append(opened.entity)


def _trimmed(reading: _Reading) -> tuple[str, list[dict[str, Any]]]:
    """Telegram cuts white space at both ends, and entities with it."""
    text = reading.text.strip()
    lead = units(reading.text) - units(reading.text.lstrip())
    size = units(text)
    entities = []
    for entity in reading.entities:
        start = max(entity["offset"] - lead, 0)
        length = min(entity["offset"] - lead + entity["length"], size) - start
        if length > 0:
            entities.append({**entity, "offset": start, "length": length})
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
