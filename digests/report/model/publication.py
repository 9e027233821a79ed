"""The publication, its document, sections, figures and footnotes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from digests.dates import PartialDate
from digests.report.model.sourcing import Evidence, Id, PackModel
from digests.text import Phrase, Text


class Section(PackModel):
    """A part of the document; ``heading`` is the exact line that opens it."""

    id: Id
    heading: Phrase
    number: Phrase = Field(description="as printed, e.g. 一、（三）3, for citations")
    title: Text
    parent: Id | None = None


class Figure(PackModel):
    """An illustration that the document refers to; ``contained`` is false when it is only an image."""

    number: int
    title: Text
    section: Id
    caption: Phrase = Field(description="the caption as printed")
    source_line: Phrase | None = Field(default=None, description="the source line under it, as printed")
    contained: bool
    note: Text


class Footnote(PackModel):
    """A numbered note: the section that refers to it, what it names, and a printed part to check."""

    number: int
    section: Id
    text: Text
    printed: Phrase


class Person(PackModel):
    """Somebody who made the publication."""

    name: Text
    role: Text | None = None


class Publication(PackModel):
    """What a full citation needs, as the document states it."""

    title: Text
    authors: tuple[Person, ...] = Field(min_length=1)
    journal: Text
    issue: Text
    running_number: Text | None = None
    published: PartialDate
    publisher: Text
    editor: Person | None = None
    address: Text | None = None
    postcode: Phrase | None = None
    telephone: Phrase | None = None
    email: Phrase | None = None
    site: Phrase | None = None
    follow: Text | None = Field(default=None, description="how it says that readers may follow it")
    distribution: Text | None = None
    summary: Text
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class Left(PackModel):
    """A stretch of the document that the pack does not tell, and why."""

    section: Id
    text: Phrase = Field(description="an exact string of the section")
    reason: Text


class Document(PackModel):
    """The text that the evidence is checked against."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    language: Literal["zh", "en"]
    note: Text
