"""Everything that is kept: reports, chats, subscriptions, and what was sent to whom."""

from __future__ import annotations

from pathlib import Path

from digests.store.admin.backup import copy_database
from digests.store.chats import Chats
from digests.store.connections.change_notifications import ChangeNotifications
from digests.store.connections.database import Database, UnsupportedDatabaseError
from digests.store.connections.sqlite import SqliteDatabase
from digests.store.connections.url import database_at
from digests.store.due_schedules import DueSchedules
from digests.store.files import Files
from digests.store.history import History
from digests.store.lease import Lease
from digests.store.notices import Notices
from digests.store.outbox.outbox import Outbox
from digests.store.reports import Reports
from digests.store.schema.migrate import migrate
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
        self.files = Files(database)

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database of a URL, such as ``sqlite+aiosqlite:///var/silkline.db``, and migrate it.

        Raises:
            UnsupportedDatabaseError: the URL is neither one of SQLite nor one of PostgreSQL.
            UnavailableDatabaseError: the database cannot be opened or reached.
            NewerDatabaseError: a later version wrote it.
        """
        database = database_at(url)
        try:
            await migrate(database)
        except BaseException:
            await database.close()
            raise
        return cls(database)

    async def damage(self) -> str | None:
        """What a check of the stored bytes finds wrong; None when all is well, or not ours to check."""
        return await self._database.damage()

    async def close(self) -> None:
        """Close every connection."""
        await self._database.close()

    async def backup(self, path: Path) -> None:
        """Write a consistent copy of the database while it is in use; *path* is replaced at the end.

        Raises:
            UnsupportedDatabaseError: it is not SQLite.
        """
        if not isinstance(self._database, SqliteDatabase):
            raise UnsupportedDatabaseError("this is for SQLite; for PostgreSQL use pg_dump and pg_restore")
        await copy_database(self._database.path, path)
