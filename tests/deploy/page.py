"""deploy/README.md as the tests read it: its blocks of commands, each with what is said of running it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
PAGES = ("README.md", "README.zh-CN.md")

_BLOCK = re.compile(
    r"(?:<!-- (?P<how>runs|not run): (?P<which>[^>]+?) -->\n)?"
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: *runs* names who runs it, else *reason* says why nobody does."""

    text: str
    language: str
    runs: str | None
    reason: str | None


def blocks(page: str = "README.md") -> list[Block]:
    """All of a page, in order."""
    text = (DEPLOY / page).read_text(encoding="utf-8")
    return [
        Block(
            found["text"],
            found["language"],
            found["which"] if found["how"] == "runs" else None,
            found["which"] if found["how"] == "not run" else None,
        )
        for found in _BLOCK.finditer(text)
    ]


def commands(which: str) -> str:
    """The block that *which* runs, as one piece of shell."""
    (found,) = [block for block in blocks() if block.runs == which]
    return found.text
