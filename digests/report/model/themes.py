"""The arguments of the document, and the lists that it gives."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from digests.report.model.sourcing import Id, PackModel, Sourced
from digests.text import Text


class ThemePart(StrEnum):
    """The part of the document that a theme belongs to."""

    ABSTRACT = "abstract"
    MEASURES = "measures"
    RESULTS = "results"
    PROBLEMS = "problems"
    OUTLOOK = "outlook"


class Point(Sourced):
    """A sub-point of a theme."""

    title: Text
    text: Text
    places: tuple[Id, ...] = Field(default=(), description="places that it is about")
    observations: tuple[Id, ...] = ()
    entries: tuple[Id, ...] = ()


class Theme(Sourced):
    """A numbered argument of the document with its sub-points."""

    part: ThemePart
    number: int | None = Field(default=None, description="as the document numbers it")
    title: Text
    summary: Text
    places: tuple[Id, ...] = Field(default=(), description="places that it is about")
    points: tuple[Point, ...] = ()


class Entry(Sourced):
    """One member of a list: a body, a person, a document, a company, an industry, a hub."""

    name: Text
    note: Text | None = None
    places: tuple[Id, ...] = ()


class EntryList(PackModel):
    """A list that the document gives, whole."""

    id: Id
    title: Text
    note: Text | None = None
    entries: tuple[Entry, ...] = Field(min_length=1)
