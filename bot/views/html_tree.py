"""Neutral pages as a small tree of elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {
        "h1",
        "h2",
        "p",
        "pre",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "blockquote",
        "footer",
    }
)
_VOID = frozenset({"br", "hr"})
#: What a browser folds; a no-break space stays.
_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class Element:
    """An element with its attributes and what it holds."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def find(self, tag: str) -> Iterator[Element]:
        """Every element of that tag below this one, in order."""
        for child in self.children:
            if isinstance(child, Element):
                if child.tag == tag:
                    yield child
                yield from child.find(tag)

    def texts(self) -> Iterator[str]:
        """The text below this one, in order; a line break is one character."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag == "br":
                yield "\n"
            else:
                yield from child.texts()


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("page", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        is_kept = any(element.tag == "pre" for element in self._open)
        if text := data if is_kept else _SPACE.sub(" ", data):
            self._open[-1].children.append(text)


def parse(html: str) -> Element:
    """The tree of a neutral page; white space outside ``pre`` is folded, and dropped at blocks' edges."""
    builder = _TreeBuilder()
    builder.feed(html)
    builder.close()
    _trim(builder.root)
    return builder.root


def _trim(element: Element) -> None:
    kept: list[Element | str] = []
    for position, child in enumerate(element.children):
        if isinstance(child, str) and not child.strip() and _at_edge(element, position):
            continue
        kept.append(child)
        if isinstance(child, Element):
            _trim(child)
    element.children = kept
    if element.tag in _BLOCKS and kept:
        _strip_ends(kept)


def _at_edge(element: Element, position: int) -> bool:
    """Whether a blank between elements separates blocks rather than words."""
    beside = (
        element.children[position - 1] if position else None,
        *element.children[position + 1 : position + 2],
    )
    return any(part is None or (isinstance(part, Element) and part.tag in _BLOCKS) for part in beside)


def _strip_ends(children: list[Element | str]) -> None:
    if isinstance(children[0], str):
        children[0] = children[0].lstrip()
    if isinstance(children[-1], str):
        children[-1] = children[-1].rstrip()
