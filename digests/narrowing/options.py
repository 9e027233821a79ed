"""What the subscriptions of a library may be narrowed to, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from digests.composing.figure_of_day import figures_of_days
from digests.narrowing import Dimension, token_of
from digests.narrowing.matching import facts_of
from digests.pages.catalogs import speaker
from digests.pages.formatting import join
from digests.pages.kinds import kind_names
from digests.queries import subjects
from digests.report.library import Library
from digests.report.model import Theme, ThemePart, Weight
from digests.text import Language, Text, msgid


@dataclass(frozen=True, slots=True)
class Option:
    """One possible choice; ``is_told`` is whether digests ever tell a fact of it."""

    token: str
    name: Text
    aliases: tuple[str, ...]
    is_told: bool

    @property
    def dimension(self) -> Dimension:
        """What it is."""
        return Dimension(self.token.partition(":")[0])


@lru_cache(maxsize=8)
def options_of(library: Library) -> tuple[Option, ...]:
    """Every choice that a library offers: kinds of milestone, places, subjects and arguments, in order."""
    found = (*_kinds(library), *_places(library), *_subjects(library), *_themes(library))
    return tuple({option.token: option for option in found}.values())


def names_of(library: Library, only: Iterable[str], language: Language) -> list[str]:
    """The names of some choices; one that the library does not know is named by its id."""
    names = {option.token: option.name[language] for option in options_of(library)}
    return [names.get(token) or token.partition(":")[2] for token in only]


def named(library: Library, only: Iterable[str], language: Language) -> str:
    """Some choices in one text."""
    return join(names_of(library, only, language), language)


def gone(library: Library, only: Iterable[str]) -> tuple[str, ...]:
    """The choices of which the library tells nothing, or no longer."""
    told = {option.token for option in options_of(library) if option.is_told}
    return tuple(token for token in only if token not in told)


def _option(
    library: Library, dimension: Dimension, name: str, text: Text, aliases: Iterable[str] = ()
) -> Option:
    token = token_of(dimension, name)
    return Option(
        token, text, tuple(aliases), not _ever_told(library).isdisjoint(facts_of(library, (token,)))
    )


@lru_cache(maxsize=8)
def _ever_told(library: Library) -> frozenset[str]:
    """The milestones that digests recall, and the figures worth a day."""
    recalled = (m.id for m in library.milestones if m.weight is not Weight.BACKGROUND)
    return frozenset((*recalled, *(figure.id for figure in figures_of_days(library))))


def _kinds(library: Library) -> Iterator[Option]:
    zh, en = (kind_names(speaker(language)) for language in (Language.ZH, Language.EN))
    for kind in dict.fromkeys(milestone.kind for milestone in library.milestones):
        yield _option(library, Dimension.KIND, kind, Text(zh=zh[kind], en=en[kind]), (kind,))


def _places(library: Library) -> Iterator[Option]:
    for place in library.places:
        yield _option(library, Dimension.PLACE, place.id, place.name, (place.id, *place.keywords))


def _subjects(library: Library) -> Iterator[Option]:
    for subject, _ in subjects(library):
        yield _option(library, Dimension.SUBJECT, subject.id, subject.name, (subject.id, *subject.keywords))


def _themes(library: Library) -> Iterator[Option]:
    for part in ThemePart:
        for theme in library.themes(part):
            aliases = (theme.id, theme.title.zh, theme.title.en)
            yield _option(library, Dimension.THEME, theme.id, _whole_title(theme), aliases)


def _whole_title(theme: Theme) -> Text:
    """An argument with the part that it belongs to, since a subject may be called the same."""
    part = _PARTS[theme.part]
    zh, en = (speaker(language)(part) for language in (Language.ZH, Language.EN))
    return Text(zh=f"{theme.title.zh}（{zh}）", en=f"{theme.title.en} ({en.lower()})")


_PARTS = {
    ThemePart.ABSTRACT: msgid("Abstract"),
    ThemePart.MEASURES: msgid("Measures"),
    ThemePart.RESULTS: msgid("Results"),
    ThemePart.PROBLEMS: msgid("Problems"),
    ThemePart.OUTLOOK: msgid("Outlook"),
}


def example(library: Library, language: Language) -> str:
    """Words that narrow to a place and a kind, as they may be typed."""
    told = [option for option in options_of(library) if option.is_told]
    first = {option.dimension: option.name[language] for option in reversed(told)}
    names = [first[each] for each in (Dimension.PLACE, Dimension.KIND) if each in first]
    return " ".join(["只看" if language is Language.ZH else "only", *names])
