"""The tables of an export, their columns, and how they are described."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from digests.export.facts import designation_row, milestone_row
from digests.export.figures import computed_rows, figure_row
from digests.report.library import Library

Cell = str | Decimal | int | bool | None

#: What columns hold that do not explain themselves; ``_zh`` and ``_en`` are the same in two languages.
_MEANINGS = {
    "report": "id of the report",
    "revision": "revision of the data of that report",
    "id": "id of the row, the same in every revision",
    "printed": "the quantity as the report prints it; empty for what is computed",
    "value": "the number, with its printed digits; the lower end of a range",
    "upper": "the upper end of a range",
    "unit": "id of the unit that value and upper are in",
    "qualifier": "how the report limits the number: over, nearly, less_than, more_than, about",
    "period_basis": "whether the report states the time, it follows from the context, or is not stated",
    "period_start": "YYYY, YYYY-MM or YYYY-MM-DD; an end without a start means as of it",
    "period_end": "YYYY, YYYY-MM or YYYY-MM-DD",
    "date": "YYYY, YYYY-MM or YYYY-MM-DD; --MM-DD when the year is not given",
    "since": "YYYY, YYYY-MM or YYYY-MM-DD; empty when the report does not say",
    "place": "id of the place that the figure is about",
    "places": "ids of the places, separated by semicolons",
    "attribution_zh": "who says so, when it is not the report itself",
    "attribution_en": "who says so, when it is not the report itself",
    "doubt": "inconsistent or not-checkable, when the recomputation puts the figure in doubt",
    "computed": "true: follows from other rows and is not printed in the report",
    "computed_from": "ids of the rows that it follows from, separated by semicolons",
    "section": "number of the section that tells it, as printed",
    "figure": "number of the figure that shows it",
    "footnote": "number of the footnote that it rests on",
    "also_in": "numbers of other sections that tell it too, separated by semicolons",
}
_INTEGERS = frozenset({"revision", "figure", "footnote"})
_NUMBERS = frozenset({"value", "upper"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type as a Table Schema names it, and what it holds."""

    name: str
    type: str
    description: str

    @classmethod
    def of(cls, name: str) -> Column:
        """The column of that name."""
        kind = "integer" if name in _INTEGERS else "number" if name in _NUMBERS else "string"
        return cls(name, "boolean" if name == "computed" else kind, _MEANINGS.get(name, ""))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind; each has a cell for each column."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables_of(library: Library) -> tuple[Table, ...]:
    """The figures (also computed ones), milestones and designations of every report."""
    figures = [figure_row(library, o) for metric in library.metrics for o in metric.observations]
    return (
        _table("figures", "Figures, printed and computed", [*figures, *computed_rows(library)]),
        _table("milestones", "Milestones", (milestone_row(library, m) for m in library.milestones)),
        _table("designations", "Designations", (designation_row(library, d) for d in library.designations)),
    )


def _table(name: str, title: str, rows: Iterable[dict[str, Cell]]) -> Table:
    """A table with the columns of its rows, in the order of the first row that has each."""
    listed = list(rows)
    names = list(dict.fromkeys(column for row in listed for column in row))
    cells = tuple(tuple(row.get(column) for column in names) for row in listed)
    return Table(name, title, tuple(map(Column.of, names)), cells)
