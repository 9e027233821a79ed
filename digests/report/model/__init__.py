"""A report pack in types: what a folder of YAML holds, field by field.

Every fact carries a :class:`Source` with the exact strings that prove it. Descriptions are our own
words, in each language; only ``printed``, ``evidence`` and proper names repeat the document.
"""

from digests.report.model.auditing import AuditKind, AuditRule, Erratum
from digests.report.model.events import Milestone, MilestoneKind, Origin
from digests.report.model.figures import (
    GrowthComparison,
    Metric,
    MetricKind,
    Observation,
    Period,
    PeriodBasis,
    ShareBreakdown,
    Subject,
)
from digests.report.model.geography import Geography, Tile
from digests.report.model.glossary import Term
from digests.report.model.places import Designation, DesignationKind, Place, PlaceLevel
from digests.report.model.publication import Document, Figure, Footnote, Left, Person, Publication, Section
from digests.report.model.report import Report
from digests.report.model.sourcing import Evidence, Id, PackModel, Source, Sourced, Weight
from digests.report.model.themes import Entry, EntryList, Point, Theme, ThemePart
from digests.report.model.wording import Wording

__all__ = [
    "AuditKind",
    "AuditRule",
    "Designation",
    "DesignationKind",
    "Document",
    "Entry",
    "EntryList",
    "Erratum",
    "Evidence",
    "Figure",
    "Footnote",
    "Geography",
    "GrowthComparison",
    "Id",
    "Left",
    "Metric",
    "MetricKind",
    "Milestone",
    "MilestoneKind",
    "Observation",
    "Origin",
    "PackModel",
    "Period",
    "PeriodBasis",
    "Person",
    "Place",
    "PlaceLevel",
    "Point",
    "Publication",
    "Report",
    "Section",
    "ShareBreakdown",
    "Source",
    "Sourced",
    "Subject",
    "Term",
    "Theme",
    "ThemePart",
    "Tile",
    "Weight",
    "Wording",
]
