"""Places, and the statuses that they hold."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from digests.dates import PartialDate
from digests.report.model.sourcing import Id, PackModel, Source, Sourced
from digests.text import Phrase, Text


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
    epithet_source: Source | None = Field(default=None, description="where the document calls it so")
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
