"""Moving everything from one database to another, with the rows of each table counted on both sides."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Table, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.store.connections.database import Database, told_plainly
from digests.store.connections.url import database_at
from digests.store.lease import Lease
from digests.store.schema.all_tables import metadata
from digests.store.schema.migrate import migrate, require_current, version_of
from digests.store.schema.tables import leases

_AT_ONCE = 1000

#: Told how many rows there are, then how many more were copied, again and again.
Progress = Callable[[int], None]

_TABLES = [table for table in metadata.sorted_tables if table is not leases]


class CopyRefusedError(ValueError):
    """Nothing was copied; the message is one plain line that says why."""


async def copy_everything(source_url: str, target_url: str, begin: Callable[[int], Progress]) -> int:
    """Copy every row into an empty database, all of them or none; how many.

    *begin* is given the number of rows, and gives who is told how many more were copied.

    Raises:
        CopyRefusedError: the source is in use, or the target is the same, has rows or refuses one.
        SchemaError: the source is missing, or another version wrote one of the two.
        UnavailableDatabaseError: one of the two cannot be opened or reached.
        UnsupportedDatabaseError: a URL is neither one of SQLite nor one of PostgreSQL.
    """
    source, target = database_at(source_url), database_at(target_url)
    if source.name == target.name:
        raise CopyRefusedError(f"{source.name} is both the source and the target")
    try:
        await require_current(source)
        await (migrate if await version_of(target) is None else require_current)(target)
        await _refuse_running(source)
        with told_plainly(f"{source.name} to {target.name}"):
            async with source.writing(is_long=True) as old, target.writing(is_long=True) as new:
                await _refuse_filled(new)
                return await _copy_all(old, new, begin)
    finally:
        await source.close()
        await target.close()


async def _refuse_running(source: Database) -> None:
    if await Lease(source).is_held():
        raise CopyRefusedError("the bot runs on the database that is to be copied: stop it first")


async def _refuse_filled(target: AsyncConnection) -> None:
    for table in _TABLES:
        if count := await _count(target, table):
            raise CopyRefusedError(
                f"the target is not empty ({count} rows in {table.name}): give a new database"
            )


async def _copy_all(old: AsyncConnection, new: AsyncConnection, begin: Callable[[int], Progress]) -> int:
    counts = {table: await _count(old, table) for table in _TABLES}
    progress = begin(sum(counts.values()))
    for table, count in counts.items():
        try:
            await _copy(old, new, table, progress)
        except DBAPIError as error:
            reason = str(error.orig).splitlines()[0]
            raise CopyRefusedError(f"a row of {table.name} was refused: {reason}") from error
        if (arrived := await _count(new, table)) != count:
            raise CopyRefusedError(f"{table.name} has {count} rows, and {arrived} of them arrived")
    return sum(counts.values())


async def _copy(old: AsyncConnection, new: AsyncConnection, table: Table, progress: Progress) -> None:
    async with old.stream(select(table).order_by(*table.primary_key)) as rows:
        async for part in rows.mappings().partitions(_AT_ONCE):
            await new.execute(table.insert(), [dict(row) for row in part])
            progress(len(part))
    if new.dialect.name == "postgresql" and (number := table.autoincrement_column) is not None:
        # the next row must not get a number that was copied
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        await new.execute(select(func.setval(sequence, func.max(number))).select_from(table))


async def _count(connection: AsyncConnection, table: Table) -> int:
    return (await connection.execute(select(func.count()).select_from(table))).scalar_one()
