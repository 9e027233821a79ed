"""What both layouts share: source notes, headings that never end a message, and splitting into messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from bot.views.html_tree import Element

_NOTE = "note-"


class Block(Protocol):
    """A part of a message that is never cut, and can be joined with the one behind it."""

    @property
    def heads(self) -> bool:
        """Whether it is a heading, which never ends a message."""

    def __add__(self, other: Self) -> Self:
        """Both, one behind the other."""


B = TypeVar("B", bound=Block)


@dataclass(frozen=True, slots=True)
class SourceNotes:
    """The source notes of a page: their heading, and each note by its number."""

    heading: str
    items: dict[str, Element]

    @classmethod
    def of(cls, root: Element) -> SourceNotes:
        """The notes in the footer of a page."""
        footer = next((footer for footer in root.find("footer") if any(footer.find("ol"))), None)
        if footer is None:
            return cls("", {})
        items = {item.attributes.get("id", "").removeprefix(_NOTE): item for item in footer.find("li")}
        return cls(text_of(next(footer.find("p"))), items)

    def chosen(self, wanted: frozenset[str]) -> dict[str, Element]:
        """The notes of these numbers, in the order of the page."""
        return {number: item for number, item in self.items.items() if number in wanted}


def marks(element: Element) -> frozenset[str]:
    """The numbers of the notes that an element refers to."""
    targets = (link.attributes.get("href", "") for link in element.find("a"))
    begin = f"#{_NOTE}"
    return frozenset(target.removeprefix(begin) for target in targets if target.startswith(begin))


def text_of(element: Element) -> str:
    """The words below an element."""
    return "".join(element.texts()).strip()


def split(blocks: Iterable[B], fits: Callable[[B], bool]) -> list[B]:
    """The messages that hold the blocks in order, each as full as *fits* allows; none ends in a heading."""
    messages: list[B] = []
    for block in _keep_headings(blocks):
        joined = messages[-1] + block if messages else block
        if messages and fits(joined):
            messages[-1] = joined
        else:
            messages.append(block)
    return messages


def _keep_headings(blocks: Iterable[B]) -> Iterator[B]:
    """Join each heading with the block that follows it."""
    heading: B | None = None
    for block in blocks:
        joined = block if heading is None else heading + block
        heading = joined if block.heads else None
        if heading is None:
            yield joined
    if heading is not None:
        yield heading
