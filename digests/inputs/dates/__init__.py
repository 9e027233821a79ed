"""The reader of dates and spans of time."""

from __future__ import annotations

from digests.inputs.dates.calendar_dates import (
    EARLIEST,
    LATEST,
    DateInput,
    DateKind,
    date_candidates,
)
from digests.inputs.dates.reading import (
    LONGEST_PAUSE_DAYS,
    find_when,
    read_date,
    read_month,
    read_pause,
    read_preview,
    read_range,
    read_when,
)
from digests.inputs.dates.spans import RangeInput, When

__all__ = [
    "EARLIEST",
    "LATEST",
    "LONGEST_PAUSE_DAYS",
    "DateInput",
    "DateKind",
    "RangeInput",
    "When",
    "date_candidates",
    "find_when",
    "read_date",
    "read_month",
    "read_pause",
    "read_preview",
    "read_range",
    "read_when",
]
