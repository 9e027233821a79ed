"""The reports: every revision that was ever saved, and the tables derived from the highest one."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from enum import StrEnum

from pydantic import ValidationError
from sqlalchemy import Row, and_, delete, exists, func, literal, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.posts import DeliveryState
from digests.report.model import Report
from digests.store.connections.change_notifications import Subject, notify
from digests.store.connections.database import Database, insert
from digests.store.report_rows import rows_of
from digests.store.schema.report_tables import (
    milestones,
    observations,
    report_revisions,
    report_withdrawals,
    reports,
)
from digests.store.schema.tables import deliveries, post_facts
from digests.store.subscriptions import GIVEN_UP

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


class UnknownReportError(LookupError):
    """No report of this id is listed."""

    def __init__(self, report_id: str) -> None:
        super().__init__(f"there is no report {report_id!r}")


_IS_WITHDRAWN = exists().where(
    report_withdrawals.c.report_id == report_revisions.c.report_id,
    report_withdrawals.c.revision >= report_revisions.c.revision,
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
        async with self._database.writing(is_long=True) as connection:
            await self._database.lock(connection, "reports")
            stored = (await connection.execute(select(report_revisions).where(same))).one_or_none()
            known = None if stored is None else await _report(stored)
            if known == report:
                return Saved.UNCHANGED
            if known is not None:
                raise RevisionTakenError(report)
            # one that this version cannot read any more makes room for one that it can
            await connection.execute(delete(report_revisions).where(same))
            await connection.execute(insert(connection, report_revisions).values(await _revision(report)))
            await _derive(connection, report)
            await notify(connection, Subject.REPORT, report.id)
        return Saved.SAVED

    async def withdraw(self, report_id: str, now: datetime) -> int:
        """Have a report posted and listed no more; a higher revision than the stored one brings it back.

        What waits to be sent and tells of it is skipped. Returns how many deliveries that were.

        Raises:
            UnknownReportError: no such report is listed.
        """
        async with self._database.writing(is_long=True) as connection:
            await self._database.lock(connection, "reports")
            revision = await connection.scalar(select(reports.c.revision).where(reports.c.id == report_id))
            if revision is None:
                raise UnknownReportError(report_id)
            skipped = await _skip_posts_of(connection, report_id, now)
            await connection.execute(delete(reports).where(reports.c.id == report_id))
            withdrawal = {"report_id": report_id, "revision": revision}
            await connection.execute(insert(connection, report_withdrawals).values(withdrawal))
            await notify(connection, Subject.REPORT, report_id)
        return skipped

    async def withdrawn(self) -> dict[str, int]:
        """The reports that were withdrawn, by id, and up to which revision."""
        highest = func.max(report_withdrawals.c.revision)
        query = select(report_withdrawals.c.report_id, highest).group_by(report_withdrawals.c.report_id)
        async with self._database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def listed(self) -> tuple[tuple[str, int], ...]:
        """The ids and revisions of the reports that are posted and listed."""
        query = select(reports.c.id, reports.c.revision).order_by(reports.c.id)
        async with self._database.reading() as connection:
            return tuple((row.id, row.revision) for row in await connection.execute(query))

    async def load(self) -> tuple[Report, ...]:
        """The highest readable revision of each report that is not withdrawn, by id."""
        revisions = select(report_revisions.c.id, report_revisions.c.report_id).where(~_IS_WITHDRAWN)
        highest_first = revisions.order_by(report_revisions.c.report_id, report_revisions.c.revision.desc())
        found: dict[str, Report] = {}
        async with self._database.reading() as connection:
            for key, report_id in (await connection.execute(highest_first)).all():
                if report_id in found:
                    continue
                content = select(report_revisions).where(report_revisions.c.id == key)
                report = await _report((await connection.execute(content)).one())
                if report is not None:
                    found[report_id] = report
        return tuple(found.values())

    async def version(self) -> int:
        """A number that grows with each save and each withdrawal: cheap to poll."""
        highest = (
            func.coalesce(select(func.max(table.c.id)).scalar_subquery(), 0)
            for table in (report_revisions, report_withdrawals)
        )
        async with self._database.reading() as connection:
            return int((await connection.execute(select(sum(highest, literal(0))))).scalar_one())


async def _derive(connection: AsyncConnection, report: Report) -> None:
    highest = select(func.max(report_revisions.c.revision)).where(report_revisions.c.report_id == report.id)
    withdrawn = select(func.max(report_withdrawals.c.revision)).where(
        report_withdrawals.c.report_id == report.id
    )
    if (await connection.execute(highest)).scalar_one() != report.revision:
        return
    if (await connection.scalar(withdrawn) or 0) >= report.revision:
        return
    await connection.execute(delete(reports).where(reports.c.id == report.id))
    for table, rows in rows_of(report):
        owned = rows if table is reports else [{**row, "report_id": report.id} for row in rows]
        if owned:
            await connection.execute(insert(connection, table), owned)


async def _skip_posts_of(connection: AsyncConnection, report_id: str, now: datetime) -> int:
    facts = union(
        *(select(table.c.id).where(table.c.report_id == report_id) for table in (milestones, observations))
    )
    telling = select(post_facts.c.post_id).where(post_facts.c.fact.in_(facts))
    waiting = and_(deliveries.c.state == DeliveryState.PENDING, deliveries.c.post_id.in_(telling))
    ended = {"state": GIVEN_UP, "reason": f"the report {report_id} was withdrawn", "settled_at": now}
    return (await connection.execute(update(deliveries).where(waiting).values(ended))).rowcount


async def _revision(report: Report) -> dict[str, object]:
    """A row; writing and reading the content of a large report would hold the event loop up."""
    content = await asyncio.to_thread(report.model_dump_json)
    return {"report_id": report.id, "revision": report.revision, "content": content}


async def _report(row: Row[tuple[object, ...]]) -> Report | None:
    try:
        return await asyncio.to_thread(Report.model_validate_json, row.content)
    except ValidationError as error:
        log.error(  # noqa: TRY400 - one plain line
            "revision %s of %s is stored in a form that this version cannot read: %s problems",
            row.revision,
            row.report_id,
            error.error_count(),
        )
        return None
