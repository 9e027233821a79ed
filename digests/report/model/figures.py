"""Metrics, each value that the document prints of them, and what is compared."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from digests.dates import PartialDate
from digests.quantities import Quantity
from digests.report.model.sourcing import Id, PackModel, Sourced, Weight
from digests.text import Phrase, Text


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
    """The time a figure is about.

    Both ends are the same for one date; only an end means “as of” that date; none when not stated.
    """

    basis: PeriodBasis
    start: PartialDate | None = None
    end: PartialDate | None = None


class Observation(Sourced):
    """One printed value of a metric."""

    quantity: Quantity
    weight: Weight = Weight.NORMAL
    period: Period
    place: Id | None = Field(default=None, description="when it differs from the metric's")
    label: Text | None = Field(default=None, description="what sets it apart in its metric, e.g. a company")
    attribution: Text | None = Field(
        default=None, description="who says so, as the text has it: a source, a forecast, hearsay"
    )
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
