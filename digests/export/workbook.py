"""The tables as sheets of one workbook; the one place that writes XLSX."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from digests.citations import Style, cite_fact
from digests.export.tables import Table
from digests.report.library import Library
from digests.text import Language

#: So that the same data are the same bytes.
_MOMENT = datetime(1980, 1, 1, tzinfo=UTC)
_WIDEST = 48


def workbook(library: Library, tables: tuple[Table, ...]) -> bytes:
    """A sheet for each table, the last one says what the columns hold and where the data are from."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _MOMENT})
        bold = book.add_format({"bold": True})
        for table in tables:
            _fill(book.add_worksheet(table.name), table, bold)
        _explain(book.add_worksheet("about"), library, tables, bold)
    return out.getvalue()


def _fill(sheet: Any, table: Table, bold: Any) -> None:
    for position, column in enumerate(table.columns):
        sheet.write_string(0, position, column.name, bold)
        longest = max((len(str(row[position] or "")) for row in table.rows), default=0)
        sheet.set_column(position, position, min(max(len(column.name), longest) + 2, _WIDEST))
    for number, row in enumerate(table.rows, 1):
        for position, cell in enumerate(row):
            _write(sheet, number, position, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write(sheet: Any, row: int, column: int, cell: object) -> None:
    """A cell by its type; text is never taken for a formula, a number or a link."""
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | Decimal):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, str(cell))


def _explain(sheet: Any, library: Library, tables: tuple[Table, ...], bold: Any) -> None:
    lines = [("Source", cite_fact(report, Style.APA, Language.EN).entry) for report in library.reports]
    lines += [(f"Revision, {report.id}", str(report.revision)) for report in library.reports]
    lines += [(f"Licence, {report.id}", report.data_licence.en) for report in library.reports]
    meanings = {c.name: c.description for table in tables for c in table.columns if c.description}
    for number, (name, text) in enumerate([*lines, *meanings.items()]):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, text)
    sheet.set_column(0, 0, _WIDEST // 2)
    sheet.set_column(1, 1, 2 * _WIDEST)
