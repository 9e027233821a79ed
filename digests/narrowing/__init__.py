"""What a subscription is narrowed to: kinds of milestone, places, subjects and arguments of the reports.

A choice is kept as a token, ``place:luoyang``: what it is, and its id. Choices add up: a fact is told that
belongs to one of them; without any, everything is told. Narrowing only leaves out.
"""

from __future__ import annotations

from enum import StrEnum


class Dimension(StrEnum):
    """What a choice is."""

    KIND = "kind"  # of milestone
    PLACE = "place"
    SUBJECT = "subject"  # of figures
    THEME = "theme"  # an argument of the report


#: How many choices one subscription may have.
MOST_CHOICES = 8


def token_of(dimension: Dimension, name: str) -> str:
    """A choice as it is kept."""
    return f"{dimension}:{name}"
