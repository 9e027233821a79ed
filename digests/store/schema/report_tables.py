"""The tables of the reports: each revision as JSON, which is the truth, and what a person can query."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Double,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from digests.store.schema.tables import metadata


def _both(name: str, *, nullable: bool = False) -> tuple[Column[str], Column[str]]:
    """A text of the report: one column for each language."""
    return Column(f"{name}_zh", Text, nullable=nullable), Column(f"{name}_en", Text, nullable=nullable)


def _facts(name: str, *columns: Column[object] | Column[str] | Column[int]) -> Table:
    """A table of one kind of fact; ``position`` is the order of the pack."""
    return Table(
        name,
        metadata,
        Column("report_id", ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
        Column("id", String(40), primary_key=True),
        Column("position", Integer, nullable=False),
        *columns,
    )


report_revisions = Table(
    "report_revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("report_id", String(40), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("report_id", "revision"),
    sqlite_autoincrement=True,  # the highest id tells whoever polls that something was saved
)

report_withdrawals = Table(
    "report_withdrawals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("report_id", String(40), nullable=False),
    Column("revision", Integer, nullable=False),  # this one and those before it
    sqlite_autoincrement=True,  # the highest id tells whoever polls that one was withdrawn
)

reports = Table(
    "reports",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("revision", Integer, nullable=False),
    *_both("name"),
    *_both("title"),
    Column("published", String(10), nullable=False),
)

milestones = _facts(
    "milestones",
    Column("date", String(10), nullable=False),
    Column("year", Integer),
    Column("month", Integer),
    Column("day", Integer),
    Column("origin", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    *_both("title"),
    *_both("summary"),
)

milestone_places = Table(
    "milestone_places",
    metadata,
    Column("report_id", ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    Column("milestone", String(40), primary_key=True),
    Column("place", String(40), primary_key=True),
)

metrics = _facts(
    "metrics",
    Column("subject", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("place", String(40), nullable=False),
    *_both("name"),
)

observations = _facts(
    "observations",
    Column("metric", String(40), nullable=False),
    Column("printed", Text, nullable=False),
    Column("value", String(40), nullable=False),  # the digits as printed
    Column("upper", String(40)),
    Column("number", Double, nullable=False),  # the same for sorting and comparing, not for telling
    Column("unit", String(40), nullable=False),
    Column("qualifier", String(20)),
    Column("period_basis", String(20), nullable=False),
    Column("period_start", String(10)),
    Column("period_end", String(10)),
    Column("place", String(40), nullable=False),
    *_both("label", nullable=True),
)

places = _facts("places", Column("level", String(20), nullable=False), *_both("name"))

designation_kinds = _facts("designation_kinds", *_both("name"))

designations = _facts(
    "designations",
    Column("kind", String(40), nullable=False),
    Column("place", String(40), nullable=False),
    Column("since", String(10)),
)

themes = _facts("themes", Column("part", String(20), nullable=False), *_both("title"), *_both("summary"))

theme_points = _facts(
    "theme_points", Column("theme", String(40), nullable=False), *_both("title"), *_both("text")
)

entry_lists = _facts("entry_lists", *_both("title"))

entries = _facts("entries", Column("list", String(40), nullable=False), *_both("name"))

evidence = Table(
    "evidence",
    metadata,
    Column("report_id", ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    Column("fact", String(40), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("section", String(40), nullable=False),
    Column("figure", Integer),
    Column("footnote", Integer),
    Column("text", Text, nullable=False),
    Column("occurrence", Integer),
)
