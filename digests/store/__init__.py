"""Everything that is kept: reports, chats, subscriptions, and what was sent to whom."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from digests.store.admin.backup import backed_up_at
from digests.store.chats import Chats
from digests.store.connections.change_notifications import ChangeNotifications
from digests.store.connections.database import Database, UnsupportedDatabaseError
from digests.store.connections.sqlite import SqliteDatabase
from digests.store.connections.url import database_at
from digests.store.due_schedules import DueSchedules
from digests.store.files import Files
from digests.store.held_updates import HeldUpdates
from digests.store.history import History
from digests.store.lease import Lease
from digests.store.notices import Notices
from digests.store.operator_acts import OperatorActs
from digests.store.outbox.outbox import Outbox
from digests.store.pauses import Pauses
from digests.store.reports import Reports
from digests.store.schema.migrate import migrate, require_current
from digests.store.subscriptions import Subscriptions

__all__ = ["Store"]


class Store:
    """The one door to the database; each member speaks of one subject."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.reports = Reports(database)
        self.chats = Chats(database)
        self.subscriptions = Subscriptions(database)
        self.lease = Lease(database)
        self.changes = ChangeNotifications(database)
        self.due_schedules = DueSchedules(database, self.lease)
        self.outbox = Outbox(database, self.lease)
        self.history = History(database)
        self.notices = Notices(database)
        self.pauses = Pauses(database)
        self.files = Files(database)
        self.acts = OperatorActs(database)
        self.held_updates = HeldUpdates(database)

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database of a URL, such as ``sqlite+aiosqlite:///var/silkline.db``; make and migrate it.

        Raises:
            UnsupportedDatabaseError: the URL is neither one of SQLite nor one of PostgreSQL.
            UnavailableDatabaseError: the database cannot be opened or reached.
            NewerDatabaseError: a later version wrote it.
        """
        return await cls._opened(url, migrate)

    @classmethod
    async def open_existing(cls, url: str) -> Store:
        """Open the database of a URL as it is; nothing is made or migrated.

        Raises:
            UnsupportedDatabaseError: the URL is neither one of SQLite nor one of PostgreSQL.
            UnavailableDatabaseError: the database cannot be opened or reached.
            SchemaError: there is none, or an earlier or later version wrote it.
        """
        return await cls._opened(url, require_current)

    @classmethod
    async def _opened(cls, url: str, look: Callable[[Database], Awaitable[None]]) -> Store:
        database = database_at(url)
        try:
            await look(database)
        except BaseException:
            await database.close()
            raise
        return cls(database)

    @property
    def name(self) -> str:
        """Which database it is, for people: without a password."""
        return self._database.name

    def observe(self, observe: Callable[[float], None]) -> None:
        """Have *observe* given the duration of each statement (seconds)."""
        self._database.observe(observe)

    async def write_heartbeat(self) -> None:
        """Write a row, so that it is known whether anything can be written.

        Raises:
            Exception: nothing can; whatever the database says.
        """
        await self._database.write_heartbeat()

    async def backed_up_at(self) -> datetime | None:
        """When the database was last backed up; None when nobody knows.

        Raises:
            UnsupportedDatabaseError: it is backed up by other tools.
        """
        if not isinstance(self._database, SqliteDatabase):
            raise UnsupportedDatabaseError("this is for SQLite")
        return await asyncio.to_thread(backed_up_at, self._database.path)

    async def damage(self) -> str | None:
        """What a check of the stored bytes finds wrong; None when all is well, or not ours to check."""
        return await self._database.damage()

    async def close(self) -> None:
        """Close every connection."""
        await self._database.close()
