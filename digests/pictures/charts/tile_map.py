"""The map of designations: one tile a place of which something is told, where it roughly lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digests.pages.formatting import word_date_briefly
from digests.pictures.context import Context
from digests.pictures.layout.boxes import Box
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import HEADING, INNER, LOWEST, MARGIN, SMALL, SMALL_STRONG
from digests.report.model import Designation, DesignationKind, Tile

#: The signs of the kinds, in the order of the pack: told apart by their outline, filled while there are such.
_SIGNS = "●■▲◆★✚▼○□△◇☆▽"
_TILE_GAP, _PADDING, _SIGN = 4.0, 5.0, 12.0


@dataclass(frozen=True, slots=True)
class Place:
    """What a tile tells: a name, what is held there since when, and a share."""

    name: str
    tile: Tile | None
    designations: tuple[Designation, ...]
    share: str
    is_chosen: bool = False

    @property
    def height(self) -> float:
        """The height of its tile."""
        lines = len(self.designations) + bool(self.share)
        return HEADING.line + lines * SMALL.line + 8


def sign_of(kinds: Sequence[DesignationKind], kind_id: str) -> str:
    """The sign of a kind."""
    order = [kind.id for kind in kinds]
    return _SIGNS[order.index(kind_id) % len(_SIGNS)]


def since(context: Context, designation: Designation) -> str:
    """When a designation began, or that no date is stated."""
    if designation.since is None:
        return context.say("no date")
    return word_date_briefly(designation.since, context.language)


def draw_tiles(
    sheet: Sheet, context: Context, kinds: Sequence[DesignationKind], places: Sequence[Place], y: float
) -> float:
    """The tiles where they lie, without empty rows and columns; in rows when they are too narrow so.

    Those that have no room are counted. Where the next part begins.
    """
    grid = _by_tile(places)
    columns = max(column for column, _ in grid) + 1
    needed = max(_width(sheet, context, place) for place in places)
    if columns * (needed + _TILE_GAP) > INNER + _TILE_GAP:
        columns = max(1, int((INNER + _TILE_GAP) // (needed + _TILE_GAP)))
        grid = {(n % columns, n // columns): place for n, place in enumerate(places)}
    width = (INNER + _TILE_GAP) / columns - _TILE_GAP
    for row in sorted({row for _, row in grid}):
        if y > LOWEST / 2:
            left = sum(at >= row for _, at in grid)
            return sheet.text(MARGIN, y, context.say("%(count)s more, not shown", count=left), SMALL)
        held = {column: place for (column, at), place in grid.items() if at == row}
        height = max(place.height for place in held.values())
        for column, place in held.items():
            box = Box(MARGIN + column * (width + _TILE_GAP), y, width, height)
            _draw_tile(sheet, context, kinds, place, box)
        y += height + _TILE_GAP
    return y


def _by_tile(places: Sequence[Place]) -> dict[tuple[int, int], Place]:
    """Places by column and row from 0, without the columns and rows that no place is in."""
    tiled = [(place, place.tile) for place in places if place.tile]
    if len(tiled) < len(places):
        return {(0, n): place for n, place in enumerate(places)}
    columns = sorted({tile.column for _, tile in tiled})
    rows = sorted({tile.row for _, tile in tiled})
    return {(columns.index(tile.column), rows.index(tile.row)): place for place, tile in tiled}


def _width(sheet: Sheet, context: Context, place: Place) -> float:
    """How wide a tile must be for all that it tells."""
    dates = [_SIGN + sheet.width(since(context, d), SMALL) for d in place.designations]
    name = sheet.width(place.name, SMALL_STRONG)  # the smallest that it is written in
    return max(name, sheet.width(place.share, SMALL_STRONG), *dates, 0) + 2 * _PADDING


def _draw_tile(
    sheet: Sheet, context: Context, kinds: Sequence[DesignationKind], place: Place, box: Box
) -> None:
    """Filled when the place holds the first kind of the pack, else a panel; edged when it is chosen."""
    palette = sheet.palette
    is_first = any(d.kind == kinds[0].id for d in place.designations)
    ink = palette.ground if is_first else palette.ink
    sheet.fill(box, palette.data if is_first else palette.panel)
    if place.is_chosen:
        sheet.outline(box, palette.accent, 2.6)
    x, width = box.x + _PADDING, box.width - 2 * _PADDING
    y = sheet.text(x, box.y + 3, place.name, sheet.fitted(place.name, HEADING, width), ink)
    y = max(y, box.y + 3 + HEADING.line)
    for designation in place.designations:
        sheet.text(x, y, sign_of(kinds, designation.kind), SMALL, ink)
        y = sheet.text(x + _SIGN, y, since(context, designation), SMALL, ink)
    if place.share:
        sheet.text(x, y, place.share, SMALL_STRONG, ink)
