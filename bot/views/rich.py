"""Turns a neutral page into rich messages: headings, tables, folded details, notes that can be jumped to.

A message is split between blocks; a list, table or fold too large for one goes on in the next. Buttons
stand under the message, as in the classic layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from bot.telegram.calls.limits import PICTURE_ID
from bot.views.html_tree import Element, parse
from bot.views.layout import SourceNotes, marks, split, text_of

#: Telegram takes 32,768 characters; bytes are counted, since its documents leave the unit open.
SIZE_LIMIT = 32_768 - 4 * 1024  # leaves room for the caption of a picture
#: Telegram takes 500 blocks, list items and table rows among them.
BLOCK_LIMIT = 500 - 2  # leaves room for a picture and its caption

_INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "s": "s", "code": "code", "sup": "sup"}
_BLOCKS = frozenset(
    {"h1", "h2", "p", "pre", "ul", "ol", "li", "table", "tr", "details", "blockquote", "footer"}
)


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a message, which is never cut: its HTML, and what it costs."""

    html: str
    size: int
    blocks: int
    notes: frozenset[str] = frozenset()
    heads: bool = False  # a heading, which never ends a message

    def __add__(self, other: Part) -> Part:
        return Part(
            self.html + other.html,
            self.size + other.size,
            self.blocks + other.blocks,
            self.notes | other.notes,
            other.heads,
        )


_NOTHING = Part("", 0, 0)


def figured(page: Markup, caption: str) -> Markup:
    """A rich message with its picture under the title, or before all when it has none."""
    figure = Markup('<figure><img src="tg://photo?id={}"/><figcaption>{}</figcaption></figure>')
    figure = figure.format(PICTURE_ID, caption)
    title, end, rest = page.partition("</h1>")
    return title + end + figure + rest if end else figure + page


def rich_messages(html: Markup) -> list[Markup]:
    """The rich messages, in Telegram's rich HTML, that show a neutral page; one when it fits."""
    root = parse(html)
    notes = SourceNotes.of(root)
    messages = split(_parts(root.children), lambda message: _fits(message + _notes(notes, message.notes)))
    # each part was escaped when it was taken from the tree
    return [Markup((message + _notes(notes, message.notes)).html) for message in messages]  # noqa: S704 - made of an escaped tree


def _fits(part: Part) -> bool:
    return part.size <= SIZE_LIMIT and part.blocks <= BLOCK_LIMIT


def _notes(notes: SourceNotes, wanted: frozenset[str]) -> Part:
    """The list of the notes that a message refers to, each a reference that its marks lead to."""
    items = notes.chosen(wanted)
    if not items:
        return _NOTHING
    numbered = "".join(_note(name, item) for name, item in items.items() if name.isdigit())
    explained = "".join(_explained(name, item) for name, item in items.items() if not name.isdigit())
    places = f"<ol>{numbered}</ol>" if numbered else ""
    size = sum(_size(item) for item in items.values()) + len(notes.heading.encode())
    html = f"<hr/><h4>{escape(notes.heading, quote=False)}</h4>{places}{explained}"
    return Part(html, size, 3 + 2 * len(items))


def _explained(mark: str, item: Element) -> str:
    """What a mark means; Telegram's lists have numbers only, so it is a paragraph."""
    return f"<p>{escape(mark)} {_inline(item.children)}</p>"


def _note(number: str, item: Element) -> str:
    text = _inline(item.children)
    return f'<li value="{number}"><tg-reference name="note-{number}">{text}</tg-reference></li>'


def _parts(elements: Iterable[Element | str]) -> Iterator[Part]:
    for element in elements:
        if isinstance(element, Element):
            for piece in _pieces(element):
                if html := _block(piece):
                    yield Part(html, _size(piece), _count(piece), marks(piece), piece.tag in ("h1", "h2"))


def _pieces(element: Element) -> Iterator[Element]:
    """An element, in several of its kind when it is too large for half a message."""
    head, *rest = element.children or [""]
    titled = isinstance(head, Element) and (head.tag == "summary" or any(head.find("th")))
    body = rest if titled else element.children
    piece: list[Element | str] = [head] if titled else []
    fresh = Element(element.tag, element.attributes, piece)
    if element.tag not in ("ul", "ol", "table", "details") or _is_small(element):
        yield element
        return
    for child in body:
        if len(fresh.children) > len(piece) and not _is_small(
            Element(element.tag, {}, [*fresh.children, child])
        ):
            yield fresh
            fresh = Element(element.tag, element.attributes, piece)
        fresh = Element(element.tag, element.attributes, [*fresh.children, child])
    yield fresh


def _is_small(element: Element) -> bool:
    return _size(element) <= SIZE_LIMIT // 2 and _count(element) <= BLOCK_LIMIT // 2


def _block(element: Element) -> str:
    """A block in Telegram's rich HTML; empty when there is nothing to show."""
    match element.tag:
        case "ul" | "ol":
            return _list(element)
        case "table":
            return _table(element)
        case "details":
            return _details(element)
        case "footer":
            return "".join(f"<footer>{_inline(line.children)}</footer>" for line in _own_lines(element))
    return f"<{element.tag}>{_inline(element.children)}</{element.tag}>"


def _own_lines(footer: Element) -> Iterator[Element]:
    """The lines of a footer that is no list of notes."""
    return iter(()) if any(footer.find("ol")) else footer.find("p")


def _list(element: Element) -> str:
    items = [_inline(item.children) for item in element.find("li")]
    if not items:
        return ""
    if element.attributes.get("class") == "plain":  # its items carry marks of their own
        return f"<p>{'<br/>'.join(items)}</p>"
    return f"<{element.tag}>{''.join(f'<li>{item}</li>' for item in items)}</{element.tag}>"


def _details(element: Element) -> str:
    summary = next(element.find("summary"))
    content = "".join(
        _block(child) for child in element.children if isinstance(child, Element) and child is not summary
    )
    return f"<details><summary>{_inline(summary.children)}</summary>{content}</details>"


def _table(table: Element) -> str:
    """A table without the columns in which no row says anything."""
    rows = [[cell for cell in row.children if isinstance(cell, Element)] for row in table.find("tr")]
    told = {n for row in rows for n, cell in enumerate(row) if cell.tag == "td" and text_of(cell)}
    shown = [[cell for n, cell in enumerate(row) if n in told] for row in rows]
    lines = ("".join(f"<{c.tag}>{_inline(c.children)}</{c.tag}>" for c in row) for row in shown)
    return f"<table bordered striped>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _inline(children: Iterable[Element | str]) -> str:
    return "".join(escape(c, quote=False) if isinstance(c, str) else _styled(c) for c in children)


def _styled(element: Element) -> str:
    if element.tag == "br":
        return "<br/>"
    inner = _inline(element.children)
    note = element.attributes.get("href", "").partition("#note-")[2]
    if note and not note.isdigit():
        return inner  # a mark that is explained below, where nothing can be jumped to
    if element.tag == "a":
        return f'<a href="{escape(element.attributes.get("href", "#"))}">{inner}</a>'
    tag = _INLINE.get(element.tag)
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def _size(element: Element) -> int:
    return sum(len(text.encode()) for text in element.texts())


def _count(element: Element) -> int:
    """Blocks as Telegram may count them at most: a list item and what it holds are two."""
    below = sum(_count(child) for child in element.children if isinstance(child, Element))
    return below + (2 if element.tag in ("li", "details") else element.tag in _BLOCKS)
