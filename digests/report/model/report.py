"""The whole of a pack."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from digests.quantities import Unit
from digests.report.model.auditing import AuditRule, Erratum
from digests.report.model.events import Milestone
from digests.report.model.figures import GrowthComparison, Metric, ShareBreakdown, Subject
from digests.report.model.geography import Geography
from digests.report.model.glossary import Term
from digests.report.model.places import Designation, DesignationKind, Place
from digests.report.model.publication import Document, Figure, Footnote, Left, Publication, Section
from digests.report.model.sourcing import Id, PackModel
from digests.report.model.themes import EntryList, Theme
from digests.report.model.wording import Wording
from digests.text import Text


class Report(PackModel):
    """A whole pack, validated: the one truth that everything else is derived from."""

    id: Id
    revision: Annotated[int, Field(ge=1)]
    name: Text = Field(description="a short name for headings and lists")
    data_licence: Text
    place: Id | None = Field(
        default=None, description="the place that it is about; a figure of another place names its own"
    )
    publication: Publication
    document: Document
    sections: tuple[Section, ...] = Field(min_length=1)
    figures: tuple[Figure, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    units: tuple[Unit, ...] = Field(min_length=1, description="the units of data/units.yaml that are used")
    glossary: tuple[Term, ...] = Field(
        default=(), description="the terms that a search takes for one another"
    )
    subjects: tuple[Subject, ...] = ()
    milestones: tuple[Milestone, ...] = Field(min_length=1)
    metrics: tuple[Metric, ...] = ()
    places: tuple[Place, ...] = ()
    designation_kinds: tuple[DesignationKind, ...] = ()
    designations: tuple[Designation, ...] = ()
    themes: tuple[Theme, ...] = ()
    lists: tuple[EntryList, ...] = ()
    growth: tuple[GrowthComparison, ...] = Field(default=(), description="what /growth compares")
    shares: tuple[ShareBreakdown, ...] = ()
    audit: tuple[AuditRule, ...] = ()
    wording: tuple[Wording, ...] = Field(default=(), description="how terms are worded, for the check")
    left: tuple[Left, ...] = Field(default=(), description="what of the document is not told, and why")
    errata: tuple[Erratum, ...] = ()
    geography: Geography | None = Field(
        default=None, description="the tile map of /zones; not from the document"
    )
