"""A process that draws: matplotlib would keep the bot from answering, and never gives its memory back.

``python -m digests.pictures.process.worker`` reads lines of JSON: first the reports, then what to
draw. It answers each with one line, and the bytes of a picture behind it, and ends with its input: it
outlives nobody.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any, BinaryIO

from digests.pages import Pages
from digests.pictures.context import Context
from digests.pictures.gallery import draw
from digests.report.library import Library
from digests.report.model import Report
from digests.subscriptions import Theme
from digests.text import Language

#: How much lower its priority is than that of the bot: on one processor, answers come before pictures.
_POLITENESS = 5


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Draw what *orders* ask for until they end."""
    reports = json.loads(orders.readline() or "[]")
    library = Library([Report.model_validate(report) for report in reports])
    pages = Pages()
    for line in orders:
        answers.write(_answer(library, pages, json.loads(line)))
        answers.flush()


def _answer(library: Library, pages: Pages, order: dict[str, Any]) -> bytes:
    context = Context(library, Language(order["language"]), Theme(order["theme"]), pages)
    try:
        png = draw(context, order["name"])
    except LookupError as error:
        return _line(missing=str(error))
    except Exception as error:  # noqa: BLE001 - whoever asked is told, and asks for the next one
        return _line(failed=f"{type(error).__name__}: {error}")
    return _line(drawn=len(png)) + png


def _line(**said: object) -> bytes:
    return json.dumps(said).encode() + b"\n"


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the bot, whose end is this one's
    if hasattr(os, "nice"):
        os.nice(_POLITENESS)
    serve(sys.stdin.buffer, sys.stdout.buffer)
