"""Designations: a tile for each place with what it holds since when and its share; a legend that counts."""

from __future__ import annotations

from digests import queries
from digests.pages.formatting import word_period
from digests.pictures.charts.tile_map import Place, draw_tiles, sign_of, since
from digests.pictures.context import Context
from digests.pictures.layout.boxes import Box
from digests.pictures.layout.frame import foot, head, inner
from digests.pictures.layout.notes import Notes
from digests.pictures.layout.sheet import Sheet
from digests.pictures.style import BODY, GAP, INNER, MARGIN, SMALL, STRONG
from digests.report.model import Designation, DesignationKind, Report

_COUNT, _WORDS = 24.0, 40.0
#: A kind has so many lines in the legend, and fewer when there are many kinds.
_LINES, _FEWER_LINES, _MANY = 4, 2, 6
_MOST_NOTES = 5


def draw_zones(context: Context, wanted: str = "") -> Sheet:
    """The places of the first report that has designations; the place that is *wanted* stands out.

    Raises:
        LookupError: no report has any.
    """
    report = next((report for report in context.library.reports if report.designations), None)
    if report is None:
        raise LookupError("no report has designations")
    sheet, notes = Sheet(context.theme, context.language), Notes(_MOST_NOTES)
    y = head(sheet, context, context.say("Pilot zones"), _subtitle(context, report))
    chosen = queries.find_place(context.library, wanted)
    places = _places(context, report, chosen.id if chosen else "")
    if places:
        y = draw_tiles(sheet, context, report.designation_kinds, places, y) + GAP / 2
    y = _legend(sheet, context, report, notes, y) + 2
    y = notes.draw(sheet, y)
    for remark in _remarks(context, report):
        y = sheet.paragraph(inner(y), remark, SMALL, sheet.palette.soft) + 1
    shares = [context.library.observation(part) for breakdown in report.shares for part in breakdown.parts]
    return foot(sheet, context, y - GAP / 2, [*report.designations, *shares])


def _subtitle(context: Context, report: Report) -> str:
    return context.say(
        "Pilot status and since when, as the report dates it: %(count)s in all",
        count=len(report.designations),
    )


def _places(context: Context, report: Report, chosen: str) -> list[Place]:
    """The places of the map of which something is told; without a map, all that hold a designation."""
    tiles = {tile.place: tile for tile in report.geography.tiles if tile.place} if report.geography else {}
    names = tiles or dict.fromkeys(d.place for d in report.designations)
    places = [
        Place(
            context.read(context.library.place(name).name),
            tiles.get(name),
            tuple(d for d in report.designations if d.place == name),
            _share(context, report, name),
            name == chosen,
        )
        for name in names
    ]
    return [place for place in places if place.designations or place.share]


def _share(context: Context, report: Report, place_id: str) -> str:
    parts = (context.library.observation(part) for breakdown in report.shares for part in breakdown.parts)
    shares = [context.quantity(o) for o in parts if queries.place_of(context.library, o) == place_id]
    return shares[0] if shares else ""


def _legend(sheet: Sheet, context: Context, report: Report, notes: Notes, y: float) -> float:
    """Each kind with its sign and count; what is held by no tile of the map stands in words."""
    lines = _LINES if len(report.designation_kinds) <= _MANY else _FEWER_LINES
    for kind in report.designation_kinds:
        held = [d for d in report.designations if d.kind == kind.id]
        if not held:
            continue
        is_first = kind is report.designation_kinds[0]
        if is_first:  # so is its tile filled
            sheet.fill(Box(MARGIN - 2, y, 15, 16), sheet.palette.data)
        ink = sheet.palette.ground if is_first else sheet.palette.ink
        sheet.text(MARGIN, y, sign_of(report.designation_kinds, kind.id), BODY, ink)
        sheet.text(MARGIN + _COUNT, y, str(len(held)), STRONG, sheet.palette.accent, "center")
        words = _kind_words(context, report, kind, held, notes)
        y = sheet.paragraph(Box(MARGIN + _WORDS, y, INNER - _WORDS, 0), words, BODY, limit=lines) + 2
    return y


def _kind_words(
    context: Context, report: Report, kind: DesignationKind, held: list[Designation], notes: Notes
) -> str:
    tiles = {tile.place for tile in report.geography.tiles} if report.geography else set()
    elsewhere = [_holder(context, d) for d in held if tiles and d.place not in tiles]
    texts = [_note(context, d) for d in held if not tiles or d.place in tiles]
    name = context.read(kind.name) + notes.mark(*(text for text in texts if text))
    return f"{name}{context.say(': ')}{context.say(', ').join(elsewhere)}" if elsewhere else name


def _holder(context: Context, designation: Designation) -> str:
    """Who holds it since when, with the note that tells it from another of its kind."""
    words = f"{context.read(context.library.place(designation.place).name)} {since(context, designation)}"
    return words + context.bracketed(context.read(designation.note)) if designation.note else words


def _note(context: Context, designation: Designation) -> str:
    if designation.note is None:
        return ""
    place = context.read(context.library.place(designation.place).name)
    return f"{place}{context.say(': ')}{context.read(designation.note)}"


def _remarks(context: Context, report: Report) -> list[str]:
    """What the percentages are, and that the map is not the report's."""
    remarks = []
    for breakdown in report.shares:
        total, name = context.library.observation(breakdown.total), context.read(breakdown.name)
        year = word_period(total.period, context.language)
        amount = context.quantity(total) + (context.bracketed(year) if year not in name else "")
        remarks.append(context.say("%% in a tile: %(name)s, of %(total)s", name=name, total=amount))
    return [*remarks, context.read(report.geography.note)] if report.geography else remarks
