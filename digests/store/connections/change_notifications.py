"""Hearing at once what another instance changed; whoever cares asks the database now and then anyway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.store.connections.database import CHANNEL, Database

#: Told the key of what changed: the id of a chat, or of a report.
Act = Callable[[str], None]


class Subject(StrEnum):
    """What may change behind an instance's back."""

    REPORT = "report"
    CHAT = "chat"


async def notify(connection: AsyncConnection, subject: Subject, *keys: object) -> None:
    """Tell the other instances, when the transaction of *connection* is committed, what it changed.

    On SQLite nobody listens.
    """
    if connection.dialect.name == "postgresql":
        for key in keys:
            await connection.execute(select(func.pg_notify(CHANNEL, f"{subject} {key}")))


class ChangeNotifications:
    """What other instances announce. Only a wake-up: an announcement may be lost with a connection."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._acts: list[tuple[Subject, Act]] = []

    def subscribe(self, subject: Subject, act: Act) -> None:
        """Have *act* called for each change of a subject."""
        self._acts.append((subject, act))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen as long as the context is open."""
        task = asyncio.create_task(self._database.listen(self._heard), name="listening")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _heard(self, message: str) -> None:
        name, _, key = message.partition(" ")
        for subject, act in self._acts:
            if subject == name:
                act(key)
