"""The data as files: valid, whole, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import warnings
import xml.etree.ElementTree as ET
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from digests.export import DataFile, DataFormat, make_file, tables_of
from digests.export.files import _csv_cell
from digests.queries import all_shares, recomputed
from digests.report.library import Library
from digests.report.loading import load_pack

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import frictionless

LIBRARY = Library([load_pack(Path(__file__).parents[2] / "data" / "henan-cbec-2023")])
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def unpacked(file: DataFile, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        archive.extractall(folder)
    return folder


def with_records(resource: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A resource with its content in the place of the name of its file."""
    read = json.loads((folder / resource["path"]).read_text(encoding="utf-8"))
    kept = {key: resource[key] for key in ("name", "type", "title", "schema")}
    return {**kept, "data": read}


@pytest.mark.parametrize("form", [DataFormat.CSV, DataFormat.JSON])
@pytest.mark.filterwarnings("ignore")
def test_a_package_is_valid_to_frictionless(form: DataFormat, tmp_path: Path) -> None:
    folder = unpacked(make_file(LIBRARY, form), tmp_path)
    described = folder / "datapackage.json"
    package = json.loads(described.read_text(encoding="utf-8"))
    if form is DataFormat.JSON:  # its reader of JSON files is an extra, that of records is not
        package["resources"] = [with_records(resource, folder) for resource in package["resources"]]
        described.write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.validate(str(described))
    assert report.valid, report.flatten(["title", "message"])
    assert [task.stats["rows"] for task in report.tasks] == [len(table.rows) for table in tables_of(LIBRARY)]


def test_csv_tells_a_spreadsheet_that_it_is_utf_8_and_keeps_the_printed_digits(tmp_path: Path) -> None:
    folder = unpacked(make_file(LIBRARY, DataFormat.CSV), tmp_path)
    content = (folder / "figures.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}
    for metric in LIBRARY.metrics:
        for observation in metric.observations:
            row = rows[observation.id]
            assert (row["printed"], row["value"]) == (
                observation.quantity.printed,
                observation.quantity.value,
            )
            assert (row["computed"], row["revision"]) == ("false", str(LIBRARY.reports[0].revision))
            assert row["section"]
            assert bool(row["attribution_en"]) == (observation.attribution is not None)


def test_what_is_computed_is_marked_and_names_what_it_follows_from() -> None:
    figures = next(table for table in tables_of(LIBRARY) if table.name == "figures")
    names = [column.name for column in figures.columns]
    rows = [dict(zip(names, row, strict=True)) for row in figures.rows]
    computed = [row for row in rows if row["computed"]]
    findings = [f for part in recomputed(LIBRARY) for f in part.findings if f.recomputed is not None]
    assert len(computed) == len(all_shares(LIBRARY)) + len(findings)
    assert all(row["computed_from"] and row["printed"] is None for row in computed)
    assert all(isinstance(row["value"], Decimal) for row in rows)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_text_becomes_a_formula_in_a_csv(start: str) -> None:
    assert _csv_cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


def test_a_number_is_not_taken_for_a_text() -> None:
    assert _csv_cell(Decimal("-1.50")) == "-1.50"


def test_a_workbook_holds_every_table_and_no_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(make_file(LIBRARY, DataFormat.XLSX).content)) as archive:
        sheets = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
        trees = [ET.fromstring(archive.read(name)) for name in sheets]  # noqa: S314 - our own file
    rows = [len(tree.findall(f".//{SPREADSHEET}row")) for tree in trees]
    assert rows[:3] == [len(table.rows) + 1 for table in tables_of(LIBRARY)]
    assert not any(tree.findall(f".//{SPREADSHEET}f") for tree in trees)


@pytest.mark.parametrize("form", list(DataFormat))
def test_the_same_data_are_the_same_bytes(form: DataFormat) -> None:
    assert make_file(LIBRARY, form) == make_file(LIBRARY, form)


def test_json_has_numbers_as_numbers(tmp_path: Path) -> None:
    folder = unpacked(make_file(LIBRARY, DataFormat.JSON), tmp_path)
    rows = {row["id"]: row for row in json.loads((folder / "figures.json").read_text(encoding="utf-8"))}
    assert rows["trade-2012"]["value"] == 3268.4
    assert rows["trade-2012"]["computed"] is False
