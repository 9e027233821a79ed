"""Sentences of the document that a pack repeats as if they were its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digests.report.checks import Complaint, squeeze, walk
from digests.report.document import Document
from digests.report.model import Report
from digests.report.reading import Path_
from digests.text import Text

#: The longest run of characters that two descriptions of one thing share by chance.
LONGEST_RUN = 12

_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|「[^」]*」")
_BETWEEN = re.compile(r"[，。；：、！？（）()\s“”《》·—…]+")
#: Fields that hold names, and parts whose words are the document's or tell of earlier ones.
_NAMES = ("name", "names")
_OWN = ("publication", "sections", "figures", "footnotes", "units", "left", "glossary", "errata")


def copied_runs(report: Report, document: Document) -> Iterator[Complaint]:
    """Each text that shares a run of more than 12 characters with the document.

    Names, quotations and what punctuation separates (the members of a list) are not counted together.
    """
    names = _names(report)
    for path, model in walk(report):
        if isinstance(model, Text) and not _is_name(path):
            words = model.zh if report.document.language == "zh" else model.en
            run = _longest_run(_own_words(words, names), document.whole)
            if len(run) > LONGEST_RUN:
                yield path, "copied", f"{run!r} ({len(run)} characters) stands so in the document"


def _is_name(path: Path_) -> bool:
    return path[0] in _OWN or path[-1] in _NAMES


def _names(report: Report) -> list[str]:
    """What things are called, the longest first."""
    zh = report.document.language == "zh"
    texts = [place.name for place in report.places]
    texts += [kind.name for kind in report.designation_kinds]
    texts += [entry.name for entries in report.lists for entry in entries.entries]
    names = {squeeze(name.zh if zh else name.en) for name in texts}
    return sorted((name for name in names if len(name) > 1), key=len, reverse=True)


def _own_words(text: str, names: list[str]) -> list[str]:
    rest = _QUOTED.sub("，", text)
    for name in names:
        rest = rest.replace(name, "，")
    return [squeeze(part) for part in _BETWEEN.split(rest) if part]


def _longest_run(parts: list[str], whole: str) -> str:
    best = ""
    for part in parts:
        for start in range(len(part) - LONGEST_RUN):
            end = start + max(LONGEST_RUN + 1, len(best) + 1)
            while end <= len(part) and part[start:end] in whole:
                best = part[start:end]
                end += 1
    return best
