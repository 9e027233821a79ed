"""Reads every page and post as a reader would, and finds figures that lack a part of what they mean.

The text alone is read, not the markup: a line that holds the value of a figure must hold, in itself or in
the headings above it, what the figure is, its time, scope, origin, doubt, and the notes of all its places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from pydantic import BaseModel

from digests.pages.catalogs import speaker
from digests.pages.figures import UNDATED, figure_text
from digests.pages.formatting import places_of
from digests.report.library import Library
from digests.report.model import Observation
from digests.text import Language, Text

_MARKS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
#: The fewest characters of a text that is a sentence rather than a year.
_SENTENCE = 12
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:, [⁰¹²³⁴⁵⁶⁷⁸⁹]+)*")


@dataclass(slots=True)
class Seen:
    """What a walk found: how many figures, and which parts were missing where."""

    figures: int = 0
    missing: list[tuple[str, str, str]] = field(default_factory=list)  # page, part, line


@dataclass(frozen=True, slots=True)
class Reader:
    """Knows the figures of a library in one language, and the sentences that are no lists of figures."""

    library: Library
    language: Language

    def read(self, page: str, text: str, notes: dict[str, str], seen: Seen) -> None:
        """Read one message: its text, and its notes by number."""
        intro: list[str] = []
        above: list[str] = []
        is_told = False
        for line in self._without_prose(text).splitlines():
            if self._is_no_statement(line):
                continue
            found = [(value, part) for part in _clauses(_printed(line)) for value in self._values(part)]
            if is_told and not line.strip():
                above, is_told = [*intro], False
            if not found:
                above.append(line)
            elif not is_told:
                intro = intro or [*above]
                is_told = True
            for value, part in found:
                missing = self._missing(value, part, line, above, notes)
                seen.figures += 1
                seen.missing += [(page, lacking, line) for lacking in missing]

    def _is_no_statement(self, line: str) -> bool:
        """Whether a line is the title of a list, an entry under that title, or a correction of the data."""
        is_entry = line.lstrip().startswith("▪️")
        is_title = line.strip() in _list_titles(self.library, self.language)
        return is_entry or is_title or " → " in line

    def _without_prose(self, text: str) -> str:
        for sentence in _prose(self.library, self.language):
            text = text.replace(sentence, "§")
        return text

    def _values(self, line: str) -> Iterator[str]:
        for label in _labels_like_values(self.library, self.language):
            line = line.replace(label, "§")
        return (match[0] for match in _pattern(self.library, self.language).finditer(line))

    def _missing(
        self, value: str, part: str, line: str, above: list[str], notes: dict[str, str]
    ) -> list[str]:
        """The parts that the likeliest figure of this value lacks."""
        candidates = _figures(self.library, self.language)[value]
        around = "\n".join([*above, line])
        lacking = [list(self._lacks(figure, part, around, notes)) for figure in candidates]
        return min(lacking, key=len)

    def _lacks(
        self, observation: Observation, part: str, around: str, notes: dict[str, str]
    ) -> Iterator[str]:
        # the name may stand in a heading, and that there is no date; all else stands beside the value
        told = figure_text(self.library, observation, self.language)
        if told.name not in around or told.label not in around:
            yield "name"
        beside = around if told.period in told.title else part
        if not (told.period in beside if told.is_dated else self._says_undated(part, around)):
            yield "period"
        if told.mark and f"{told.period}{told.mark}" not in part:
            yield "that the period is implied"
        if told.scope and told.scope not in around:
            yield "scope"
        if told.attribution not in part:
            yield "who says so"
        if told.doubt not in part:
            yield "doubt"
        if not set(places_of(self.library, observation, self.language)) <= set(_places(part, notes)):
            yield "places"

    def _says_undated(self, part: str, around: str) -> bool:
        say = speaker(self.language)
        report = say("as in the report of %(month)s").replace("%(month)s", "")
        return any(words in part for words in (say("date not stated"), report, UNDATED)) or (
            say("no dates stated") in around
        )


def _printed(line: str) -> str:
    """A line without what is marked as computed."""
    return line.partition("🧮")[0]


def _clauses(line: str) -> Iterator[str]:
    """The parts of a line between semicolons that stand in no brackets."""
    depth, start = 0, 0
    for position, character in enumerate(line):
        depth += (character in "（(") - (character in "）)")
        if character in "；;" and depth == 0:
            yield line[start : position + 1]
            start = position + 1
    yield line[start:]


def _places(line: str, notes: dict[str, str]) -> Iterator[str]:
    for marks in _SUPERSCRIPT.findall(line):
        for mark in marks.split(", "):
            yield notes.get(mark.translate(_MARKS), "")


@cache
def _figures(library: Library, language: Language) -> dict[str, list[Observation]]:
    found: dict[str, list[Observation]] = {}
    for metric in library.metrics:
        for observation in metric.observations:
            value = figure_text(library, observation, language).value
            found.setdefault(value, []).append(observation)
    return found


@cache
def _pattern(library: Library, language: Language) -> re.Pattern[str]:
    """The values of all figures, the longest first; a bare number only where it is told as a value."""
    values = sorted(_figures(library, language), key=len, reverse=True)
    bare = "|".join(value for value in values if value.isdigit()) or "(?!)"
    told = "|".join(re.escape(value) for value in values if not value.isdigit())
    as_value = rf"(?<![\d.,（(])(?<!figure )(?:{bare})(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⚠❔]| \()"
    word = "[A-Za-z0-9]" if language is Language.EN else "[0-9]"
    before = r"(?<![\d.,a-z])" if language is Language.EN else r"(?<![\d.,])"
    # a title (“Three platforms: ...”), the years since, and how long a list is, are no values
    after = rf"(?!{word}|[:：]| ago| ?[(（]\d{{1,2}}[)）])"
    return re.compile(rf"{before}(?:{told}){after}|{as_value}")


@cache
def _prose(library: Library, language: Language) -> list[str]:
    """The pack's sentences: titles, summaries and explanations, which tell figures in words of their own."""
    texts = {text[language] for report in library.reports for text in _texts(report)}
    comma = "、" if language is Language.ZH else ", "
    themes = (theme for report in library.reports for theme in report.themes)
    texts |= {comma.join(point.title[language] for point in theme.points) for theme in themes}
    pattern = _pattern(library, language)
    names = {metric.name[language] for metric in library.metrics} | _labels(library, language)
    told = (
        text
        for text in texts - names
        if not pattern.fullmatch(text)
        and (pattern.search(text) or (len(text) > _SENTENCE and re.search(r"\d", text)))
    )
    return sorted(told, key=len, reverse=True)


@cache
def _list_titles(library: Library, language: Language) -> set[str]:
    return {entries.title[language] for report in library.reports for entries in report.lists}


@cache
def _labels(library: Library, language: Language) -> set[str]:
    return {o.label[language] for m in library.metrics for o in m.observations if o.label}


@cache
def _labels_like_values(library: Library, language: Language) -> list[str]:
    """What sets figures apart and is itself the value of another one, such as “first batch”."""
    return [label for label in _labels(library, language) if _pattern(library, language).search(label)]


def _texts(model: object) -> Iterator[Text]:
    if isinstance(model, Text):
        yield model
    elif isinstance(model, tuple):
        for item in model:
            yield from _texts(item)
    elif isinstance(model, BaseModel):
        for name in type(model).model_fields:
            yield from _texts(getattr(model, name))
