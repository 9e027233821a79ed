"""Dated events."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from digests.dates import PartialDate
from digests.report.model.sourcing import Id, Sourced, Weight
from digests.text import Text


class MilestoneKind(StrEnum):
    """What sort of event a milestone is."""

    APPROVAL = "approval"
    VISIT = "visit"
    PLATFORM = "platform"
    POLICY = "policy"
    PILOT = "pilot"
    CERTIFICATION = "certification"
    FUNDING = "funding"
    CONFERENCE = "conference"
    ACCEPTANCE = "acceptance"
    RECOGNITION = "recognition"
    ATTENTION = "attention"
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
    short: Text | None = Field(
        default=None, description="the title in at most 32 columns, for buttons and lists on a phone"
    )
    weight: Weight = Weight.NORMAL
    summary: Text = Field(description="one or two sentences of our own")
    places: tuple[Id, ...] = Field(default=(), description="places of zones.yaml")
    entries: tuple[Id, ...] = Field(
        default=(), description="entries of lists.yaml: issuing bodies, persons, documents, platforms"
    )
    observations: tuple[Id, ...] = Field(default=(), description="figures that it is about or led to")

    @property
    def short_title(self) -> Text:
        """The title where room is scarce: the short form, else the whole."""
        return self.short or self.title
