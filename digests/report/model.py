"""A report pack in types: what a folder of YAML holds, field by field.

Every fact carries a :class:`Source` with the exact strings that prove it. Descriptions are our own
words, in each language; only ``printed``, ``evidence`` and proper names repeat the document.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from digests.dates import PartialDate
from digests.quantities import Quantity, Unit
from digests.text import Phrase, Text

#: Short enough that a button's 64 bytes hold one beside its command.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class PackModel(BaseModel):
    """Immutable, and no unknown field passes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- where a fact stands -------------------------------------------------------------------------


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


class Sourced(PackModel):
    """A fact with an id, its place, and the other places that tell it too."""

    id: Id
    source: Source
    also: tuple[Source, ...] = ()


# --- report.yaml ---------------------------------------------------------------------------------


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
    distribution: Text | None = None
    summary: Text
    evidence: tuple[Evidence, ...] = Field(min_length=1)


class Document(PackModel):
    """The text that the evidence is checked against."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    language: Literal["zh", "en"]
    note: Text


# --- milestones.yaml -----------------------------------------------------------------------------


class MilestoneKind(StrEnum):
    """What sort of event a milestone is."""

    APPROVAL = "approval"
    VISIT = "visit"
    PLATFORM = "platform"
    POLICY = "policy"
    PILOT = "pilot"
    CONFERENCE = "conference"
    ACCEPTANCE = "acceptance"
    RECOGNITION = "recognition"
    PLANNING = "planning"
    REPORT = "report"


class Origin(StrEnum):
    """Whether the document lists an event in its chronology or tells it in its prose."""

    CHRONOLOGY = "chronology"
    PROSE = "prose"


class Milestone(Sourced):
    """A dated event."""

    date: PartialDate
    origin: Origin
    kind: MilestoneKind
    title: Text
    summary: Text = Field(description="one or two sentences of our own")
    places: tuple[Id, ...] = Field(default=(), description="places of zones.yaml")
    entries: tuple[Id, ...] = Field(
        default=(), description="entries of lists.yaml: issuing bodies, persons, documents, platforms"
    )
    observations: tuple[Id, ...] = Field(default=(), description="figures that it is about or led to")


# --- metrics.yaml --------------------------------------------------------------------------------


class MetricKind(StrEnum):
    """What sort of number a metric is."""

    AMOUNT = "amount"
    RATE = "rate"
    RANK = "rank"
    COUNT = "count"
    AREA = "area"
    SHARE = "share"
    MARKET_SHARE = "market-share"
    FEE = "fee"
    TIME = "time"
    SPEED = "speed"
    COVERAGE = "coverage"
    GAP = "gap"


class PeriodBasis(StrEnum):
    """Whether the document says which time a figure is about."""

    STATED = "stated"
    IMPLIED = "implied"
    NOT_STATED = "not-stated"


class Period(PackModel):
    """The time a figure is about; both ends are the same for one date, none when not stated."""

    basis: PeriodBasis
    start: PartialDate | None = None
    end: PartialDate | None = None


class Observation(Sourced):
    """One printed value of a metric."""

    quantity: Quantity
    period: Period
    place: Id | None = Field(default=None, description="when it differs from the metric's")
    label: Text | None = Field(default=None, description="what sets it apart in its metric, e.g. a company")
    attribution: Text | None = Field(default=None, description="the origin that the text itself names")
    note: Text | None = None


class Subject(PackModel):
    """A group of metrics, in the order that /metrics shows."""

    id: Id
    name: Text
    keywords: tuple[Phrase, ...] = ()


class Metric(PackModel):
    """What is measured, and each value that the document prints of it."""

    id: Id
    subject: Id
    kind: MetricKind
    name: Text
    place: Id = Field(description="its scope: a country, a province, a city")
    note: Text | None = None
    keywords: tuple[Phrase, ...] = ()
    observations: tuple[Observation, ...] = Field(min_length=1)


class GrowthComparison(PackModel):
    """Two end points of a metric, and the rates that the document states between them."""

    id: Id
    name: Text
    start: Id
    end: Id
    years: Annotated[int, Field(ge=1)]
    stated_growth: Id | None = None
    stated_average_rate: Id | None = None
    note: Text | None = None
    keywords: tuple[Phrase, ...] = ()


class ShareBreakdown(PackModel):
    """Shares of a printed total, one place each; the amounts that follow are computed and marked so."""

    id: Id
    name: Text
    total: Id
    parts: tuple[Id, ...] = Field(min_length=1)


# --- zones.yaml ----------------------------------------------------------------------------------


class PlaceLevel(StrEnum):
    """What sort of place it is."""

    WORLD = "world"
    COUNTRY = "country"
    REGION = "region"
    PROVINCE = "province"
    CUSTOMS_DISTRICT = "customs-district"
    CITY = "city"
    COUNTY = "county"
    AREA = "area"


class Place(PackModel):
    """A place that facts are about."""

    id: Id
    level: PlaceLevel
    name: Text
    epithet: Text | None = Field(default=None, description="what the document calls it")
    keywords: tuple[Phrase, ...] = ()


class DesignationKind(PackModel):
    """A status that a place may hold, such as a comprehensive pilot zone."""

    id: Id
    name: Text
    short: Text
    description: Text


class Designation(Sourced):
    """That a place holds a status; ``since`` only when the document states it."""

    kind: Id
    place: Id
    since: PartialDate | None = None
    milestone: Id | None = None
    note: Text | None = None


# --- themes.yaml, lists.yaml ---------------------------------------------------------------------


class ThemePart(StrEnum):
    """The part of the document that a theme belongs to."""

    MEASURES = "measures"
    RESULTS = "results"
    PROBLEMS = "problems"
    OUTLOOK = "outlook"


class Point(Sourced):
    """A sub-point of a theme."""

    title: Text
    text: Text
    observations: tuple[Id, ...] = ()
    entries: tuple[Id, ...] = ()


class Theme(Sourced):
    """A numbered argument of the document with its sub-points."""

    part: ThemePart
    number: int | None = Field(default=None, description="as the document numbers it")
    title: Text
    summary: Text
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


# --- audit.yaml, errata.yaml ---------------------------------------------------------------------


class AuditKind(StrEnum):
    """How a statement is recomputed.

    ``growth``: end over start, less one. ``average-rate``: the compound yearly rate over ``years``.
    ``sum``: the inputs add up to the stated figure. ``remainder``: what the inputs leave of 100 %;
    nothing is stated. ``count``: as many designations (``designation``) or list entries (``entry_list``)
    as stated. ``contradiction``: two statements cannot both hold. ``missing``: the document
    lacks what a check would need, or refers to what it does not contain.
    """

    GROWTH = "growth"
    AVERAGE_RATE = "average-rate"
    SUM = "sum"
    REMAINDER = "remainder"
    COUNT = "count"
    CONTRADICTION = "contradiction"
    MISSING = "missing"


class AuditRule(PackModel):
    """One statement to recompute, or one doubt to show."""

    id: Id
    kind: AuditKind
    title: Text
    explanation: Text
    stated: Id | None = Field(default=None, description="the observation that is recomputed")
    inputs: tuple[Id, ...] = Field(default=(), description="the observations it follows from, in order")
    years: Annotated[int, Field(ge=1)] | None = None
    designation: Id | None = None
    entry_list: Id | None = Field(default=None, description="the list of lists.yaml that is counted")
    source: Source | None = None
    also: tuple[Source, ...] = ()


class Erratum(PackModel):
    """A correction of the pack: what was wrong, what it is now, why and when."""

    fact: Id
    was: Text
    now: Text
    reason: Text
    corrected: date
    revision: Annotated[int, Field(ge=2)]


# --- the whole -----------------------------------------------------------------------------------


class Report(PackModel):
    """A whole pack, validated: the one truth that everything else is derived from."""

    id: Id
    revision: Annotated[int, Field(ge=1)]
    name: Text = Field(description="a short name for headings and lists")
    data_licence: Text
    publication: Publication
    document: Document
    sections: tuple[Section, ...] = Field(min_length=1)
    figures: tuple[Figure, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    units: tuple[Unit, ...] = Field(min_length=1, description="the units of data/units.yaml that are used")
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
    errata: tuple[Erratum, ...] = ()
