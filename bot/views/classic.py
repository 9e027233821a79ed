"""Turns a neutral page into classic messages: text with entities, inside Telegram's limits.

Tables become lines, foldable details become expandable quotes, source notes a short list of those
that the message refers to. A message is split between entries, never inside one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape

from bot.views.html_tree import Element, parse

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
            frozenset(_marks(element)),
            gap,
            element.tag[0] == "h",
        )


@dataclass(slots=True)
class _Message:
    """A message in the making."""

    pieces: list[Piece] = field(default_factory=list)
    units: int = 0
    entities: int = 0
    notes: frozenset[str] = frozenset()

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.units += piece.units + len(piece.gap)
        self.entities += piece.entities
        self.notes |= piece.notes

    def text(self) -> str:
        return "".join(piece.gap * bool(n) + piece.html for n, piece in enumerate(self.pieces))


def classic_messages(html: str, limit: int = TEXT_LIMIT) -> list[str]:
    """The texts, in Telegram's HTML, that show a neutral page; one when it fits.

    *limit* is the size at which a page is split, in UTF-16 units, at most 4,096.
    """
    root = parse(html)
    notes = _Notes.of(root)
    messages = [_Message()]
    for piece in _keep_headings(_pieces(root.children)):
        if not _fits(messages[-1], piece, notes, limit) and messages[-1].pieces:
            messages.append(_Message())
        messages[-1].add(replace(piece, gap=piece.gap if messages[-1].pieces else ""))
    return [message.text() + notes.show(message.notes) for message in messages if message.pieces]


def _fits(message: _Message, piece: Piece, notes: _Notes, limit: int) -> bool:
    units = message.units + len(piece.gap) + piece.units + notes.units(message.notes | piece.notes)
    return units <= min(limit, TEXT_LIMIT) and message.entities + piece.entities + 2 <= ENTITY_LIMIT


def _keep_headings(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join each heading with the piece that follows it, so that none ends a message."""
    heading: Piece | None = None
    for piece in pieces:
        joined = piece if heading is None else _join(heading, piece)
        heading = joined if piece.heads else None
        if heading is None:
            yield joined
    if heading is not None:
        yield heading


def _join(first: Piece, second: Piece) -> Piece:
    return Piece(
        first.html + second.gap + second.html,
        first.units + len(second.gap) + second.units,
        first.entities + second.entities,
        first.notes | second.notes,
        first.gap,
        second.heads,
    )


@dataclass(frozen=True, slots=True)
class _Notes:
    """The source notes of a page: their heading, and each note by its number."""

    heading: str
    lines: dict[str, str]

    @classmethod
    def of(cls, root: Element) -> _Notes:
        items = [item for item in root.find("li") if item.attributes.get("id", "").startswith("note-")]
        footer = next((f for f in root.find("footer") if any(f.find("ol"))), None)
        heading = "".join(next(footer.find("p")).texts()).strip() if footer else ""
        return cls(heading, {item.attributes["id"][5:]: "".join(item.texts()).strip() for item in items})

    def _lines(self, wanted: frozenset[str]) -> list[str]:
        return [
            f"{number.translate(_SUPERSCRIPTS)} {line}"
            for number, line in self.lines.items()
            if number in wanted
        ]

    def units(self, wanted: frozenset[str]) -> int:
        lines = self._lines(wanted)
        return sum(_units(line) + 1 for line in lines) + _units(self.heading) + 2 if lines else 0

    def show(self, wanted: frozenset[str]) -> str:
        lines = [escape(line, quote=False) for line in self._lines(wanted)]
        if not lines:
            return ""
        listed = _BETWEEN_NOTES.join([escape(self.heading, quote=False), *lines])
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
            paragraph = _join(paragraph, piece) if paragraph is not None and joins else piece
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


def _marks(element: Element) -> Iterator[str]:
    for link in element.find("a"):
        target = link.attributes.get("href", "")
        if target.startswith("#note-"):
            yield target.removeprefix("#note-")


def _units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2
