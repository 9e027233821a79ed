"""Telegram's rich HTML, read strictly: a tree in which each tag stands where it may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from bot.playground.bot_api.refusals import Refusal, bad_request

_STYLES = {
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "mark", "sub", "sup", "tg-spoiler",
}  # fmt: skip
INLINE = frozenset({*_STYLES, "a", "tg-reference", "br", "tg-button"})
BLOCKS = frozenset({
    *(f"h{size}" for size in range(1, 7)), "p", "pre", "footer", "hr", "ul", "ol", "blockquote", "figure",
    "img", "table", "details", "tg-button-row",
})  # fmt: skip
_VOID = frozenset({"br", "hr", "img"})
_ANYTHING = INLINE | BLOCKS

#: What each tag may hold; a tag that is not named here holds inline formatting only.
_HOLDS = {
    "": _ANYTHING,
    "li": _ANYTHING,
    "blockquote": _ANYTHING,
    "details": _ANYTHING | {"summary"},
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "table": frozenset({"caption", "tr"}),
    "tr": frozenset({"th", "td"}),
    "figure": frozenset({"img", "figcaption"}),
    "tg-button-row": frozenset({"tg-button"}),
}
_STRUCTURE = frozenset({"ul", "ol", "table", "tr", "figure", "tg-button-row"})
_KNOWN = _ANYTHING | {"li", "summary", "caption", "tr", "th", "td", "figcaption"}
_ENTITIES = frozenset({
    "lt", "gt", "amp", "quot", "apos", "nbsp", "hellip", "mdash", "ndash", "lsquo", "rsquo", "ldquo", "rdquo",
})  # fmt: skip
_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class Node:
    """An element of rich HTML; the root has no tag."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def elements(self, *tags: str) -> Iterator[Node]:
        """The direct children of these tags."""
        return (child for child in self.children if isinstance(child, Node) and child.tag in tags)


def read_rich_html(source: str) -> Node:
    """The tree of a rich message.

    Raises:
        Refusal: a tag is unknown, unclosed, crossed, or stands where it may not.
    """
    reader = _Reader()
    reader.feed(source)
    reader.close()
    if len(reader.open) > 1:
        raise _unreadable(f'the tag "{reader.open[-1].tag}" is not closed')
    return reader.open[0]


def _unreadable(reason: str) -> Refusal:
    return bad_request(f"can't parse rich message: {reason}")


class _Reader(HTMLParser):
    """Builds the tree, or raises."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        outer = self.open[-1].tag
        if tag not in _KNOWN:
            raise _unreadable(f'unsupported start tag "{tag}"')
        if tag not in _HOLDS.get(outer, INLINE):
            raise _unreadable(f'the tag "{tag}" can\'t stand inside "{outer}"')
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag != tag:
            raise _unreadable(f'unexpected end tag "{tag}", expected "{self.open[-1].tag}"')
        self.open.pop()

    def handle_data(self, data: str) -> None:
        text = data if any(node.tag == "pre" for node in self.open) else _SPACE.sub(" ", data)
        if self.open[-1].tag in _STRUCTURE:
            if text.strip():
                raise _unreadable(f'text can\'t stand inside "{self.open[-1].tag}"')
            return
        self.open[-1].children.append(text)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(unescape(f"&{name};") if name in _ENTITIES else f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(unescape(f"&#{name};"))
