"""The reports: every revision that was ever saved, and the tables derived from the highest one."""

from __future__ import annotations

import logging
from enum import StrEnum

from pydantic import ValidationError
from sqlalchemy import Row, and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.report.model import Report
from digests.store.connections.change_notifications import Subject, notify
from digests.store.connections.database import Database, insert
from digests.store.report_rows import rows_of
from digests.store.schema.report_tables import report_revisions, reports

log = logging.getLogger(__name__)


class Saved(StrEnum):
    """What saving a report did."""

    SAVED = "saved"
    UNCHANGED = "unchanged"


class RevisionTakenError(ValueError):
    """The revision was saved before with other content; a changed report needs a higher one."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            f"revision {report.revision} of {report.id} is stored with other content: raise `revision`"
        )


class Reports:
    """The stored reports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, report: Report) -> Saved:
        """Store a revision; the highest one of each report is what `load` gives, whenever it came.

        Raises:
            RevisionTakenError: the same revision is stored with other content.
        """
        same = and_(report_revisions.c.report_id == report.id, report_revisions.c.revision == report.revision)
        async with self._database.writing() as connection:
            await self._database.lock(connection, "reports")
            stored = (await connection.execute(select(report_revisions).where(same))).one_or_none()
            known = None if stored is None else _report(stored)
            if known == report:
                return Saved.UNCHANGED
            if known is not None:
                raise RevisionTakenError(report)
            # one that this version cannot read any more makes room for one that it can
            await connection.execute(delete(report_revisions).where(same))
            await connection.execute(insert(connection, report_revisions).values(_revision(report)))
            await _derive(connection, report)
            await notify(connection, Subject.REPORT, report.id)
        return Saved.SAVED

    async def load(self) -> tuple[Report, ...]:
        """The highest readable revision of each report, by id."""
        query = select(report_revisions).order_by(report_revisions.c.report_id, report_revisions.c.revision)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        found = (_report(row) for row in rows)
        return tuple({report.id: report for report in found if report is not None}.values())

    async def version(self) -> int:
        """A number that grows with each save: cheap to poll."""
        async with self._database.reading() as connection:
            highest = await connection.execute(select(func.max(report_revisions.c.id)))
            return highest.scalar_one() or 0


async def _derive(connection: AsyncConnection, report: Report) -> None:
    highest = select(func.max(report_revisions.c.revision)).where(report_revisions.c.report_id == report.id)
    if (await connection.execute(highest)).scalar_one() != report.revision:
        return
    await connection.execute(delete(reports).where(reports.c.id == report.id))
    for table, rows in rows_of(report):
        owned = rows if table is reports else [{**row, "report_id": report.id} for row in rows]
        if owned:
            await connection.execute(insert(connection, table), owned)


def _revision(report: Report) -> dict[str, object]:
    return {
        "report_id": report.id,
        "revision": report.revision,
        "content": report.model_dump_json(),
    }


def _report(row: Row[tuple[object, ...]]) -> Report | None:
    try:
        return Report.model_validate_json(row.content)
    except ValidationError as error:
        log.error(  # noqa: TRY400 - one plain line
            "revision %s of %s is stored in a form that this version cannot read: %s problems",
            row.revision,
            row.report_id,
            error.error_count(),
        )
        return None
