"""The description of a data package, as Frictionless reads it."""

from __future__ import annotations

from digests.citations import Style, cite_fact
from digests.export.tables import Column, Table
from digests.report.library import Library
from digests.text import Language

_TYPES = {"csv": "text/csv", "json": "application/json"}


def describe_package(library: Library, tables: tuple[Table, ...], form: str) -> dict[str, object]:
    """The content of ``datapackage.json``: sources, licence, revisions, and a schema for each table."""
    reports = library.reports
    return {
        "name": reports[0].id if len(reports) == 1 else "reports",
        "title": "; ".join(report.name.en for report in reports),
        "description": _about(library),
        "version": ".".join(str(report.revision) for report in reports),
        "licenses": [{"name": "other", "title": report.data_licence.en} for report in reports],
        "sources": [{"title": cite_fact(report, Style.APA, Language.EN).entry} for report in reports],
        "resources": [_resource(table, form) for table in tables],
    }


def _about(library: Library) -> str:
    revisions = ", ".join(f"{report.id} revision {report.revision}" for report in library.reports)
    return (
        f"{revisions}. Rows with computed = true follow from other rows and are not printed in the report. "
        "In CSV, a text that a spreadsheet would take for a formula begins with an apostrophe."
    )


def _resource(table: Table, form: str) -> dict[str, object]:
    schema = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": ["id"],
    }
    return {
        "name": table.name,
        "type": "table",
        "title": table.title,
        "path": f"{table.name}.{form}",
        "scheme": "file",
        "format": form,
        "mediatype": _TYPES[form],
        "encoding": "utf-8-sig" if form == "csv" else "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, object]:
    field: dict[str, object] = {"name": column.name, "type": column.type}
    if column.description:
        field["description"] = column.description
    if column.name == "id":
        field["constraints"] = {"required": True, "unique": True}
    return field
