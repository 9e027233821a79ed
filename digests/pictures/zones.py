"""The zones: one tile a city, what it holds since when, its share, and a legend that counts."""

from __future__ import annotations

from dataclasses import dataclass

from digests import queries
from digests.pages.formatting import word_date_briefly
from digests.pictures.context import Context
from digests.pictures.frame import INNER, foot, head
from digests.pictures.sheet import Sheet
from digests.pictures.style import BODY, GAP, LEADING, MARGIN, SMALL
from digests.report.model import Designation, DesignationKind, Geography, Report, Tile

#: The marks of the kinds, in the order of the pack: told apart by their shape.
_MARKS = "●■▲◆★○◇△"
_TILE_GAP, _HEIGHT, _PADDING = 4.0, 66.0, 5.0
_HELD, _HELD_LINE = 7.8, 10.6


@dataclass(frozen=True, slots=True)
class _City:
    """What a tile tells."""

    tile: Tile
    designations: tuple[Designation, ...]
    share: str

    @property
    def is_told(self) -> bool:
        return bool(self.designations or self.share)


def draw_zones(context: Context, wanted: str = "") -> bytes:
    """The tile map of the first report that has one; the place that is *wanted* stands out.

    Raises:
        LookupError: no report has a map.
    """
    report = next((report for report in context.library.reports if report.geography), None)
    if report is None or report.geography is None:
        raise LookupError("no report has a tile map")
    sheet = Sheet(context.palette, context.language)
    y = head(sheet, context, context.say("Pilot zones"), _subtitle(context, report))
    chosen = queries.find_place(context.library, wanted)
    rows = max(tile.row for tile in report.geography.tiles)
    for tile in report.geography.tiles:
        _draw_tile(sheet, context, report, _city(context, report, tile), y, chosen.id if chosen else "")
    y = _legend(sheet, context, report, y + rows * (_HEIGHT + _TILE_GAP) + GAP / 2)
    y = sheet.paragraph(MARGIN, y + 4, _remark(context, report.geography), SMALL, INNER, sheet.palette.soft)
    shares = [context.library.observation(part) for breakdown in report.shares for part in breakdown.parts]
    return foot(sheet, context, y - 4, [*report.designations, *shares])


def _subtitle(context: Context, report: Report) -> str:
    return context.say(
        "Who holds which status since when, as the report dates it: %(count)s in all",
        count=len(report.designations),
    )


def _city(context: Context, report: Report, tile: Tile) -> _City:
    held = tuple(d for d in report.designations if d.place == tile.place)
    shares = [
        context.quantity(observation)
        for observation in (context.library.observation(p) for b in report.shares for p in b.parts)
        if queries.place_of(context.library, observation) == tile.place
    ]
    return _City(tile, held, shares[0] if shares else "")


def _draw_tile(sheet: Sheet, context: Context, report: Report, city: _City, top: float, chosen: str) -> None:
    """Filled when the city holds the first kind of the pack, toned when another, else outlined."""
    columns = max(tile.column for tile in report.geography.tiles) if report.geography else 1
    width = (INNER - (columns - 1) * _TILE_GAP) / columns
    x = MARGIN + (city.tile.column - 1) * (width + _TILE_GAP)
    y = top + (city.tile.row - 1) * (_HEIGHT + _TILE_GAP)
    palette = sheet.palette
    is_first = any(d.kind == report.designation_kinds[0].id for d in city.designations)
    fill = palette.series[0] if is_first else palette.panel if city.is_told else None
    edge = palette.accent if chosen and city.tile.place == chosen else None if fill else palette.line
    sheet.box(x, y, width, _HEIGHT, fill, edge=edge, edge_width=2.2 if fill else 0.8, radius=4)
    ink = palette.ground if is_first else palette.ink if city.is_told else palette.soft
    _write_city(sheet, context, report, city, x + _PADDING, y + 4, width - 2 * _PADDING, ink)


def _write_city(
    sheet: Sheet,
    context: Context,
    report: Report,
    city: _City,
    x: float,
    y: float,
    width: float,
    ink: str,
) -> None:
    name = context.read(city.tile.name)
    size = min(BODY, BODY * width / sheet.width(name, BODY))
    sheet.text(x, y, name, size, ink, strong=city.is_told)
    y += BODY * LEADING
    for designation in city.designations:
        mark = _mark_of(report, designation.kind)
        since = word_date_briefly(designation.since, context.language) if designation.since else "—"
        sheet.text(x, y, mark, _HELD, ink)
        sheet.text(x + 11, y, since, _HELD, ink)
        y += _HELD_LINE
    if city.share:
        sheet.text(x, y, city.share, SMALL, ink, strong=True)


def _mark_of(report: Report, kind_id: str) -> str:
    order = [kind.id for kind in report.designation_kinds]
    return _MARKS[order.index(kind_id) % len(_MARKS)]


def _legend(sheet: Sheet, context: Context, report: Report, y: float) -> float:
    """Each kind with its count; what is held by no tile of the map stands in words."""
    for kind in report.designation_kinds:
        held = [d for d in report.designations if d.kind == kind.id]
        if not held:
            continue
        is_first = kind is report.designation_kinds[0]
        if is_first:  # so is its tile filled
            sheet.box(MARGIN - 2, y, 15, 14, sheet.palette.series[0], radius=2)
        ink = sheet.palette.ground if is_first else sheet.palette.ink
        sheet.text(MARGIN, y, _mark_of(report, kind.id), BODY, ink)
        sheet.text(MARGIN + 24, y, str(len(held)), BODY, sheet.palette.accent, align="center", strong=True)
        words = _kind_words(context, report, kind, held)
        y = sheet.paragraph(MARGIN + 38, y + 0.6, words, SMALL + 0.6, INNER - 38)
    return y


def _kind_words(context: Context, report: Report, kind: DesignationKind, held: list[Designation]) -> str:
    tiles = {tile.place for tile in report.geography.tiles} if report.geography else set()
    elsewhere = [
        f"{context.read(context.library.place(d.place).name)}"
        + (f" {word_date_briefly(d.since, context.language)}" if d.since else "")
        for d in held
        if d.place not in tiles
    ]
    name = context.read(kind.name)
    return f"{name}{context.say(': ')}{context.say(', ').join(elsewhere)}" if elsewhere else name


def _remark(context: Context, geography: Geography) -> str:
    """What the percentages are, what a dash is, and that the map is not the report's."""
    parts = [
        context.say(
            "%% in a tile: %(name)s, of %(total)s",
            name=context.read(breakdown.name),
            total=context.quantity(context.library.observation(breakdown.total)),
        )
        for report in context.library.reports
        for breakdown in report.shares
        if report.geography is geography
    ]
    parts += [context.say("—: the report gives no date"), context.read(geography.note)]
    return context.say("; ").join(parts)
