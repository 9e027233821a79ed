"""Statements to recompute, doubts to show, corrections made."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from digests.report.model.sourcing import Id, PackModel, Source
from digests.text import Text


class AuditKind(StrEnum):
    """How a statement is recomputed.

    ``growth``: end over start, less one. ``average-rate``: the compound yearly rate over ``years``.
    ``sum``: the inputs add up to the stated figure. ``order``: the inputs stand from the largest down.
    ``count``: as many designations (``designation``) or list entries (``entry_list``) as stated.
    ``remainder``: what the inputs leave of 100 %, and ``difference``: what the others leave of the first;
    nothing is stated. ``contradiction``: two statements cannot both hold. ``missing``: the document
    lacks what a check would need, or refers to what it does not contain.
    """

    GROWTH = "growth"
    AVERAGE_RATE = "average-rate"
    SUM = "sum"
    REMAINDER = "remainder"
    DIFFERENCE = "difference"
    ORDER = "order"
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
