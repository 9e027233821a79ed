"""The revisions of the reports, and the tables derived from them.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DERIVED = (
    "evidence", "entries", "entry_lists", "theme_points", "themes", "designations", "designation_kinds",
    "observations", "metrics", "milestone_places", "milestones", "places",
)  # fmt: skip


def upgrade() -> None:
    _create_reports()
    _create_milestones()
    _create_metrics()
    _create_observations()
    _create_places()
    _create_arguments()
    _create_evidence()


def downgrade() -> None:
    for table in (*_DERIVED, "reports", "report_revisions"):
        op.drop_table(table)


def _both(name: str, *, nullable: bool = False) -> tuple[sa.Column[str], sa.Column[str]]:
    return (
        sa.Column(f"{name}_zh", sa.Text, nullable=nullable),
        sa.Column(f"{name}_en", sa.Text, nullable=nullable),
    )


def _word(name: str, length: int = 40, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _create_derived(
    name: str, key: tuple[str, ...], *columns: sa.Column[str] | sa.Column[int] | sa.Column[float]
) -> None:
    op.create_table(
        name,
        _word("report_id"),
        *columns,
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=f"fk_{name}_report_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", *key, name=f"pk_{name}"),
    )


def _create_facts(name: str, *columns: sa.Column[str] | sa.Column[int] | sa.Column[float]) -> None:
    position = sa.Column("position", sa.Integer, nullable=False)
    _create_derived(name, ("id",), _word("id"), position, *columns)


def _create_reports() -> None:
    op.create_table(
        "report_revisions",
        sa.Column("id", sa.Integer, nullable=False),
        _word("report_id"),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_revisions"),
        sa.UniqueConstraint("report_id", "revision", name="uq_report_revisions_report_id_revision"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reports",
        _word("id"),
        sa.Column("revision", sa.Integer, nullable=False),
        *_both("name"),
        *_both("title"),
        _word("published", 10),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )


def _create_milestones() -> None:
    _create_facts(
        "milestones",
        _word("date", 10),
        sa.Column("year", sa.Integer),
        sa.Column("month", sa.Integer),
        sa.Column("day", sa.Integer),
        _word("origin", 20),
        _word("kind", 20),
        *_both("title"),
        *_both("summary"),
    )
    _create_derived("milestone_places", ("milestone", "place"), _word("milestone"), _word("place"))


def _create_metrics() -> None:
    _create_facts("metrics", _word("subject"), _word("kind", 20), _word("place"), *_both("name"))


def _create_observations() -> None:
    _create_facts(
        "observations",
        _word("metric"),
        sa.Column("printed", sa.Text, nullable=False),
        _word("value"),
        _word("upper", nullable=True),
        sa.Column("number", sa.Double, nullable=False),
        _word("unit"),
        _word("qualifier", 20, nullable=True),
        _word("period_basis", 20),
        _word("period_start", 10, nullable=True),
        _word("period_end", 10, nullable=True),
        _word("place"),
        *_both("label", nullable=True),
    )


def _create_places() -> None:
    _create_facts("places", _word("level", 20), *_both("name"))
    _create_facts("designation_kinds", *_both("name"))
    _create_facts("designations", _word("kind"), _word("place"), _word("since", 10, nullable=True))


def _create_arguments() -> None:
    _create_facts("themes", _word("part", 20), *_both("title"), *_both("summary"))
    _create_facts("theme_points", _word("theme"), *_both("title"), *_both("text"))
    _create_facts("entry_lists", *_both("title"))
    _create_facts("entries", _word("list"), *_both("name"))


def _create_evidence() -> None:
    _create_derived(
        "evidence",
        ("fact", "position"),
        _word("fact"),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        _word("section"),
        sa.Column("figure", sa.Integer),
        sa.Column("footnote", sa.Integer),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("occurrence", sa.Integer),
    )
