"""How checks go through a report and name what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from digests.report.model import Report, Source
from digests.report.reading import Path_

#: Where in the report, which rule, and in words.
Complaint = tuple[Path_, str, str]


def walk(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, BaseModel]]:
    """Every model of a report with the way to it, the outer ones first."""
    if isinstance(value, BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from walk(item, (*path, position))


def squeeze(text: str) -> str:
    """Text as evidence is compared: without white space, page breaks and ``**``."""
    return "".join(text.replace("**", "").split())


def sources_of(report: Report) -> Iterator[tuple[Path_, Source]]:
    """Every place in the document that something of a report names."""
    for path, model in walk(report):
        if isinstance(model, Source):
            yield path, model
