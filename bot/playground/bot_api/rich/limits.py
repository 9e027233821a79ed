"""How much of Telegram's limits a rich message takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from bot.playground.bot_api.refusals import bad_request
from bot.playground.bot_api.rich.html import BLOCKS, INLINE, Node

_COUNTED = BLOCKS | {"li", "tr"}
_MIXED = ("", "li", "blockquote", "details")


@dataclass(frozen=True, slots=True)
class Size:
    """What Telegram counts in a rich message: characters of text, blocks (list items and table rows
    among them), levels of nesting, media, columns of the widest table.
    """

    characters: int
    blocks: int
    depth: int
    media: int
    columns: int


#: What the Bot API allows since version 10.1.
LIMITS = Size(characters=32_768, blocks=500, depth=16, media=50, columns=20)


def size_of(root: Node) -> Size:
    """The size of a rich message; text that stands loose in a block counts as a paragraph of it."""
    nodes = list(_below(root))
    loose = sum(_has_loose_text(node) for node in [root, *nodes])
    return Size(
        characters=sum(
            len(child) for node in [root, *nodes] for child in node.children if isinstance(child, str)
        ),
        blocks=sum(node.tag in _COUNTED for node in nodes) + loose,
        depth=_depth(root),
        media=sum(node.tag == "img" for node in nodes),
        columns=max((_width(node) for node in nodes if node.tag == "tr"), default=0),
    )


def check_size(root: Node) -> None:
    """Hold a rich message to the limits.

    Raises:
        Refusal: names the first limit that it exceeds.
    """
    size = size_of(root)
    for limit in fields(Size):
        taken, allowed = getattr(size, limit.name), getattr(LIMITS, limit.name)
        if taken > allowed:
            raise bad_request(f"rich message is too long: {limit.name} {taken}, at most {allowed}")


def _below(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            yield child
            yield from _below(child)


def _has_loose_text(node: Node) -> bool:
    if node.tag not in _MIXED:
        return False
    return any(
        child.strip() != "" if isinstance(child, str) else child.tag in INLINE for child in node.children
    )


def _depth(node: Node) -> int:
    return max((1 + _depth(child) for child in node.children if isinstance(child, Node)), default=0)


def _width(row: Node) -> int:
    return sum(int(cell.attributes.get("colspan") or 1) for cell in row.elements("th", "td"))
