"""The tables in a file: CSV or JSON inside a Frictionless data package, or one workbook."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from digests.export.description import describe_package
from digests.export.tables import Cell, Table, tables_of
from digests.export.workbook import workbook
from digests.report.library import Library

#: With one of these a spreadsheet begins a formula; the last four are full-width forms.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
#: So that the same data are the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


class DataFormat(StrEnum):
    """A form of the data."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file by its name."""

    name: str
    content: bytes


def make_file(library: Library, form: DataFormat) -> DataFile:
    """The data of every report; takes a moment, so call it in a thread.

    CSV and JSON come as a zipped data package with a description of every column.
    """
    name = library.reports[0].id if len(library.reports) == 1 else "reports"
    revisions = "-".join(str(report.revision) for report in library.reports)
    stem, tables = f"{name}-r{revisions}", tables_of(library)
    if form is DataFormat.XLSX:
        return DataFile(f"{stem}.xlsx", workbook(library, tables))
    described = describe_package(library, tables, form.value)
    files = {"datapackage.json": _json(described)}
    for table in tables:
        files[f"{table.name}.{form}"] = _csv(table) if form is DataFormat.CSV else _json(_records(table))
    return DataFile(f"{stem}-{form}.zip", _zipped(files))


def _csv(table: Table) -> bytes:
    """With a byte order mark, by which spreadsheets know UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.name for column in table.columns)
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    """A cell as text; text that a spreadsheet would run as a formula begins with an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA_STARTS) else text


def _records(table: Table) -> list[dict[str, object]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(_json_value, row), strict=True)) for row in table.rows]


def _json_value(cell: Cell) -> object:
    if not isinstance(cell, Decimal):
        return cell
    return int(cell) if cell == cell.to_integral_value() else float(cell)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
