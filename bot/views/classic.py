"""Turns a neutral page into classic messages: text with entities, inside Telegram's limits.

Tables become lines, foldable details become expandable quotes, source notes a short list of those
that the message refers to. A message is split between entries, never inside one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape

from markupsafe import Markup

from bot.views.html_tree import Element, parse
from bot.views.layout import SourceNotes, marks, split, text_of

#: A message's text after entities parsing, in UTF-16 units.
TEXT_LIMIT = 4096
#: Telegram shows this many entities and silently drops the rest.
ENTITY_LIMIT = 100

#: Between the notes, which are one folded line: an em space.
_BETWEEN_NOTES = "\u2003"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_INLINE = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "s": "s",
    "code": "code",
    "blockquote": "blockquote",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a message that is never cut: Telegram's HTML and what it costs."""

    html: str
    units: int
    entities: int
    notes: frozenset[str] = frozenset()
    gap: str = "\n"
    heads: bool = False  # a heading, which never ends a message

    @classmethod
    def of(cls, element: Element, gap: str = "\n", wrap: str = "{}", *, prefix: str = "") -> Piece:
        """The piece of one block element; *wrap* is Telegram HTML round its text."""
        html = (prefix + "".join(_inline(element.children))).strip()
        cost = wrap.count("</")
        visible = sum(_units(text) for text in element.texts()) + _units(prefix)
        return cls(
            wrap.format(html),
            visible,
            cost + sum(_costs(element)),
            marks(element),
            gap,
            element.tag[0] == "h",
        )

    def __add__(self, other: Piece) -> Piece:
        """Both, with the gap of the second between them."""
        return Piece(
            self.html + other.gap + other.html,
            self.units + len(other.gap) + other.units,
            self.entities + other.entities,
            self.notes | other.notes,
            self.gap,
            other.heads,
        )


def classic_messages(html: Markup, limit: int = TEXT_LIMIT) -> list[Markup]:
    """The texts, in Telegram's HTML, that show a neutral page; one when it fits.

    *limit* is the size at which a page is split, in UTF-16 units, at most 4,096.
    """
    root = parse(html)
    notes = SourceNotes.of(root)

    def fits(message: Piece) -> bool:
        units = message.units + _note_units(notes, message.notes)
        return units <= min(limit, TEXT_LIMIT) and message.entities + 2 <= ENTITY_LIMIT

    messages = split(_pieces(root.children), fits)
    # each piece was escaped when it was taken from the tree
    return [Markup(message.html + _show_notes(notes, message.notes)) for message in messages]  # noqa: S704 - made of an escaped tree


def _note_lines(notes: SourceNotes, wanted: frozenset[str]) -> list[str]:
    chosen = notes.chosen(wanted)
    return [f"{number.translate(_SUPERSCRIPTS)} {text_of(item)}" for number, item in chosen.items()]


def _note_units(notes: SourceNotes, wanted: frozenset[str]) -> int:
    lines = _note_lines(notes, wanted)
    return sum(_units(line) + 1 for line in lines) + _units(notes.heading) + 2 if lines else 0


def _show_notes(notes: SourceNotes, wanted: frozenset[str]) -> str:
    """The notes that a message refers to, as an expandable quote."""
    lines = [escape(line, quote=False) for line in _note_lines(notes, wanted)]
    if not lines:
        return ""
    listed = _BETWEEN_NOTES.join([escape(notes.heading, quote=False), *lines])
    return f"\n\n<blockquote expandable>{listed}</blockquote>"


def _pieces(elements: Iterable[Element | str]) -> Iterator[Piece]:
    """The pieces of a page; what is folded away stays with the paragraph that it explains."""
    before = ""
    paragraph: Piece | None = None
    for element in elements:
        if not isinstance(element, Element):
            continue
        for piece in _block(element, before):
            joins = (
                paragraph is not None
                and element.tag == "details"
                and paragraph.units + piece.units < TEXT_LIMIT // 2
            )
            if paragraph is not None and not joins:
                yield paragraph
            paragraph = paragraph + piece if paragraph is not None and joins else piece
        before = element.tag
    if paragraph is not None:
        yield paragraph


def _block(element: Element, before: str) -> Iterator[Piece]:
    if element.tag in ("h1", "h2"):
        yield Piece.of(element, "\n\n" if before else "", "<b>{}</b>")
    elif element.tag in ("ul", "ol"):
        yield from _items(element, before)
    elif element.tag == "table":
        yield from _rows(element, before)
    elif element.tag == "details":
        yield from _details(element)
    elif element.tag == "pre":
        yield Piece.of(element, "\n\n", "<pre>{}</pre>")
    elif element.tag == "blockquote":
        yield Piece.of(element, "\n", "<blockquote>{}</blockquote>")
    elif element.tag == "footer":
        yield from (
            Piece.of(line, "\n\n", "<i>{}</i>") for line in element.find("p") if not any(element.find("ol"))
        )
    else:
        yield Piece.of(element, "\n" if before in ("h2", "footer") else "\n\n")


def _items(element: Element, before: str) -> Iterator[Piece]:
    prefix = "" if element.attributes.get("class") == "plain" else "• "
    for number, item in enumerate(element.find("li")):
        gap = "\n\n" if number == 0 and before in ("p", "h1") else "\n"
        yield Piece.of(item, gap, prefix=prefix)


def _rows(table: Element, before: str) -> Iterator[Piece]:
    """Each row as a line of its cells that say something.

    The first cell is bold and the columns' names head the lines; in a table that is a list, each
    line carries a bullet instead.
    """
    is_list = table.attributes.get("class") == "list"
    for row in table.find("tr"):
        cells = [cell for cell in row.find("td") if "".join(cell.texts()).strip()]
        if cells:
            first = cells[0].children if is_list else [Element("b", {}, cells[0].children)]
            rest = [part for cell in cells[1:] for part in (" · ", *cell.children)]
            line = _line([*first, *rest], "• " if is_list else "")
            yield replace(line, gap="\n\n") if is_list and before in ("p", "h1") else line
            before = "tr"
        elif not is_list:
            names = " · ".join("".join(head.texts()) for head in row.find("th"))
            yield replace(_line([Element("i", {}, [names])]), heads=True)


def _line(children: list[Element | str], prefix: str = "") -> Piece:
    return Piece.of(Element("p", {}, children), "\n", prefix=prefix)


def _details(element: Element) -> Iterator[Piece]:
    """An expandable quote; several when the content is too long for one message."""
    summary = next(element.find("summary"), None)
    content = [child for child in element.children if isinstance(child, Element) and child is not summary]
    parts = [*([_line([Element("b", {}, summary.children)])] if summary else []), *_pieces(content)]
    quote: list[Piece] = []
    for part in parts:
        if quote and sum(p.units + 2 for p in quote) + part.units > TEXT_LIMIT // 2:
            yield _quote(quote)
            quote = []
        quote.append(replace(part, gap="\n"))
    if quote:
        yield _quote(quote)


def _quote(parts: list[Piece]) -> Piece:
    html = "\n".join(part.html for part in parts)
    notes = frozenset(note for part in parts for note in part.notes)
    units = sum(part.units + 1 for part in parts)
    return Piece(
        f"<blockquote expandable>{html}</blockquote>", units, 1 + sum(p.entities for p in parts), notes
    )


def _inline(children: Iterable[Element | str]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield escape(child, quote=False)
        elif child.tag == "br":
            yield "\n"
        elif child.tag == "sup":
            yield "".join(child.texts()).translate(_SUPERSCRIPTS)
        elif child.tag == "a" and not child.attributes.get("href", "#").startswith("#"):
            yield f'<a href="{escape(child.attributes["href"])}">{"".join(_inline(child.children))}</a>'
        elif tag := _INLINE.get(child.tag):
            yield f"<{tag}>{''.join(_inline(child.children))}</{tag}>"
        else:
            yield from _inline(child.children)


def _costs(element: Element) -> Iterator[int]:
    for child in element.children:
        if isinstance(child, Element):
            yield int(
                child.tag in _INLINE
                or (child.tag == "a" and not child.attributes.get("href", "#").startswith("#"))
            )
            yield from _costs(child)


def _units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2
