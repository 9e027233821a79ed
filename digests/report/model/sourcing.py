"""Where a fact stands in the document, and what proves it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from digests.text import Phrase

#: Short enough that a button's 64 bytes hold one beside its command.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class PackModel(BaseModel):
    """Immutable, and no unknown field passes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(PackModel):
    """An exact string of the document; in YAML a bare string, or a mapping when it occurs often."""

    text: Phrase
    occurrence: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="which one is meant, counted in its section, when the text is not unique there",
    )


class Source(PackModel):
    """The place of a fact in the document."""

    section: Id
    figure: int | None = Field(default=None, description="number of the figure that shows it")
    footnote: int | None = Field(default=None, description="number of the footnote that it rests on")
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class Weight(StrEnum):
    """How much a fact matters to a reader, as the editor of the pack ranks it.

    ``headline``: leads a digest and may be told alone. ``normal``: told with others, and among the
    figures of the day. ``background``: answers a question, but is never news by itself.
    """

    HEADLINE = "headline"
    NORMAL = "normal"
    BACKGROUND = "background"


class Sourced(PackModel):
    """A fact with an id, its place, and the other places that tell it too."""

    id: Id
    source: Source
    also: tuple[Source, ...] = ()
