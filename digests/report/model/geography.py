"""What a map needs beyond the document: geography, labelled as such, and no fact of the report."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from digests.report.model.sourcing import Id, PackModel
from digests.text import Text


class Tile(PackModel):
    """One place on a tile map; columns count from the west and rows from the north, from 1."""

    name: Text
    column: Annotated[int, Field(ge=1, le=8)]
    row: Annotated[int, Field(ge=1, le=12)]
    place: Id | None = Field(default=None, description="the place of zones.yaml, when the report names it")


class Geography(PackModel):
    """A tile map: one tile a place, roughly where it lies."""

    note: Text = Field(description="that this is not from the report, as the picture says it")
    tiles: tuple[Tile, ...] = Field(min_length=1)
