"""A rich message as the Bot API gives it back: blocks of formatted text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.playground.bot_api.refusals import bad_request
from bot.playground.bot_api.rich.html import INLINE, Node, read_rich_html
from bot.playground.bot_api.rich.limits import check_size
from bot.playground.bot_api.validation import check_button

_STYLES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code",
    "mark": "marked", "sub": "subscript", "sup": "superscript", "tg-spoiler": "spoiler",
}  # fmt: skip

Block = dict[str, Any]

#: The sizes of the photo at an address, as the Bot API describes them.
Photo = Callable[[str], list[dict[str, Any]]]


def rich_message(html: str, photo: Photo) -> Block:
    """The rich message of a call.

    Raises:
        Refusal: the HTML does not parse, is empty, or is larger than Telegram allows.
    """
    root = read_rich_html(html)
    check_size(root)
    blocks = _Writer(root, photo).blocks(root.children)
    if not blocks:
        raise bad_request("RICH_MESSAGE_CONTENT_REQUIRED")
    return {"blocks": blocks}


class _Writer:
    """Writes blocks; knows which names of the message are references and which are anchors."""

    def __init__(self, root: Node, photo: Photo) -> None:
        self._references = {node.attributes.get("name", "") for node in _named(root, "tg-reference")}
        self._photo = photo

    def blocks(self, children: Iterable[Node | str]) -> list[Block]:
        """Blocks of mixed content: loose text between blocks becomes a paragraph."""
        written: list[Block] = []
        loose: list[Node | str] = []
        for child in children:
            if isinstance(child, str) or child.tag in INLINE:
                loose.append(child)
                continue
            written += [*self._paragraph(loose), self._block(child)]
            loose = []
        return [*written, *self._paragraph(loose)]

    def _paragraph(self, loose: list[Node | str]) -> Iterator[Block]:
        if any(not isinstance(child, str) or child.strip() for child in loose):
            yield {"type": "paragraph", "text": self._text(loose)}

    def _block(self, node: Node) -> Block:
        match node.tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                return {"type": "heading", "text": self._text(node.children), "size": int(node.tag[1])}
            case "p":
                return {"type": "paragraph", "text": self._text(node.children)}
            case "pre" | "footer":
                return {"type": node.tag, "text": self._text(node.children)}
            case "hr":
                return {"type": "divider"}
            case "tg-button-row":
                return {"type": "buttons", "buttons": [self._button(b) for b in node.elements("tg-button")]}
        return self._composed(node)

    def _composed(self, node: Node) -> Block:
        match node.tag:
            case "ul" | "ol":
                items = enumerate(node.elements("li"), int(node.attributes.get("start") or 1))
                return {
                    "type": "list",
                    "items": [self._item(node.tag, item, position) for position, item in items],
                }
            case "blockquote":
                return {"type": "blockquote", "blocks": self.blocks(node.children)}
            case "details":
                return self._details(node)
            case "table":
                return self._table(node)
        return self._figure(node)

    def _item(self, kind: str, item: Node, position: int) -> Block:
        number = int(item.attributes.get("value") or position)
        own = {"label": f"{number}.", "value": number, "type": "1"} if kind == "ol" else {"label": "•"}
        return {**own, "blocks": self.blocks(item.children)}

    def _details(self, node: Node) -> Block:
        summary = next(node.elements("summary"), None)
        if summary is None:
            raise bad_request("can't parse rich message: details without a summary")
        block = {
            "type": "details",
            "summary": self._text(summary.children),
            "blocks": self.blocks(child for child in node.children if child is not summary),
        }
        return block | ({"is_open": True} if "open" in node.attributes else {})

    def _table(self, node: Node) -> Block:
        cells = [[self._cell(cell) for cell in row.elements("th", "td")] for row in node.elements("tr")]
        flags = {f"is_{name}": True for name in ("bordered", "striped", "compact") if name in node.attributes}
        caption = next(node.elements("caption"), None)
        return {
            "type": "table",
            "cells": cells,
            **flags,
            **({"caption": self._text(caption.children)} if caption else {}),
        }

    def _cell(self, cell: Node) -> Block:
        given = cell.attributes
        spans: Block = {name: int(given[name]) for name in ("colspan", "rowspan") if name in given}
        return {
            "align": given.get("align", "left"),
            "valign": given.get("valign", "middle"),
            "text": self._text(cell.children),
            **({"is_header": True} if cell.tag == "th" else {}),
            **spans,
        }

    def _figure(self, node: Node) -> Block:
        image = node if node.tag == "img" else next(node.elements("img"), None)
        if image is None:
            raise bad_request("can't parse rich message: figure without media")
        caption = next(node.elements("figcaption"), None)
        block = {"type": "photo", "photo": self._photo(image.attributes.get("src", ""))}
        return block | ({"caption": {"text": self._text(caption.children)}} if caption else {})

    def _text(self, children: Iterable[Node | str]) -> Any:
        parts = [child if isinstance(child, str) else self._inline(child) for child in children]
        joined: list[Any] = []
        for part in parts:
            if isinstance(part, str) and joined and isinstance(joined[-1], str):
                joined[-1] += part
            else:
                joined.append(part)
        return joined[0] if len(joined) == 1 else joined or ""

    def _inline(self, node: Node) -> Any:
        if node.tag == "br":
            return "\n"
        if node.tag == "tg-button":
            return {"type": "button", "button": self._button(node)}
        text = self._text(node.children)
        if node.tag == "tg-reference":
            return {"type": "reference", "text": text, "name": node.attributes.get("name", "")}
        return self._link(node, text) if node.tag == "a" else {"type": _STYLES[node.tag], "text": text}

    def _link(self, node: Node, text: Any) -> Block:
        if "name" in node.attributes:
            return {"type": "anchor", "name": node.attributes["name"]}
        target = node.attributes.get("href", "")
        if not target.startswith("#"):
            return {"type": "url", "text": text, "url": target}
        name = target.removeprefix("#")
        if name in self._references:
            return {"type": "reference_link", "text": text, "reference_name": name}
        return {"type": "anchor_link", "text": text, "anchor_name": name}

    def _button(self, node: Node) -> Block:
        kind, given = node.attributes.get("type", ""), node.attributes
        action = {"url": "url", "callback_data": "data"}.get(kind)
        if action is None:
            raise bad_request(f'can\'t parse rich message: unsupported button type "{kind}"')
        button = {"text": self._text(node.children), kind: given.get(action, "")}
        check_button(button)
        return button | ({"style": given["style"]} if "style" in given else {})


def _named(node: Node, tag: str) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            if child.tag == tag:
                yield child
            yield from _named(child, tag)
