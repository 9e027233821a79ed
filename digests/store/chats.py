"""What chats chose for themselves, and what happens when a chat moves or asks to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digests.store.chat_migration import move_chat
from digests.store.connections.change_notifications import Subject, notify
from digests.store.connections.database import Database, insert
from digests.store.schema.tables import chats, deliveries, subscriptions
from digests.subscriptions import ChatSettings, Layout, Theme
from digests.text import Language

#: What is kept of a chat's kind, and of its title (characters); Telegram's are shorter.
_KIND, _TITLE = 20, 255

#: How many chats one query looks up. The list is fixed: one that SQLAlchemy expands at each call
#: costs more than a hundred answers.
_TOGETHER = 100
_SEVERAL = select(chats).where(chats.c.chat_id.in_([bindparam(f"id{n}") for n in range(_TOGETHER)]))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much of a chat is stored, or was deleted; ``made`` counts what its person subscribed elsewhere."""

    chats: int
    subscriptions: int
    deliveries: int
    made: int = 0


class Chats:
    """The chats that the bot has met."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, chat_id: int) -> ChatSettings | None:
        """The settings of a chat; None when it was never met."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(chats).where(chats.c.chat_id == chat_id))).one_or_none()
        return None if row is None else ChatSettings(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name

    async def get_all(self, chat_ids: Iterable[int]) -> dict[int, ChatSettings]:
        """The settings of those of many chats that were met."""
        wanted = list(chat_ids)
        found: dict[int, ChatSettings] = {}
        async with self._database.reading() as connection:
            for start in range(0, len(wanted), _TOGETHER):
                part = wanted[start : start + _TOGETHER]
                # a shorter list is filled up, so that the statement stays the same
                values = {f"id{n}": part[min(n, len(part) - 1)] for n in range(_TOGETHER)}
                for row in await connection.execute(_SEVERAL, values):
                    found[row.chat_id] = ChatSettings(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
        return found

    async def remember(self, chat_id: int, kind: str, title: str) -> None:
        """Note what a chat is and what it is called; its choices stay."""
        async with self._database.writing() as connection:
            await put_chat(connection, chat_id, kind, title)

    async def set_language(self, chat_id: int, language: Language) -> None:
        """Set the language of a chat and of all its subscriptions."""
        await self._choose(chat_id, language=language)

    async def set_layout(self, chat_id: int, layout: Layout) -> None:
        """Set the layout of a chat and of all its subscriptions."""
        await self._choose(chat_id, layout=layout)

    async def set_theme(self, chat_id: int, theme: Theme | None) -> None:
        """Set the theme of a chat and of all its subscriptions."""
        await self._choose(chat_id, theme=theme)

    async def _choose(self, chat_id: int, **chosen: Any) -> None:
        async with self._database.writing() as connection:
            await _put(connection, chat_id, **chosen)
            await _set_on_subscriptions(connection, chat_id, **chosen)
            await notify(connection, Subject.CHAT, chat_id)

    async def move(self, old: int, new: int) -> None:
        """Give a chat its new id everywhere; what the new one has already is merged. Repeatable."""
        async with self._database.writing() as connection:
            await move_chat(connection, old, new)
            await notify(connection, Subject.CHAT, old, new)

    async def known(self, chat_id: int) -> Forgotten:
        """How much `forget` would delete."""
        own = subscriptions.c.chat_id == chat_id
        made = (subscriptions.c.subscribed_by == chat_id) & ~own
        async with self._database.reading() as connection:
            counted = [
                await connection.scalar(select(func.count()).select_from(table).where(which))
                for table, which in (
                    (chats, chats.c.chat_id == chat_id),
                    (subscriptions, own),
                    (deliveries.join(subscriptions), own),
                    (subscriptions, made),
                )
            ]
        return Forgotten(*(int(count or 0) for count in counted))

    async def forget(self, chat_id: int) -> Forgotten:
        """Delete everything about a chat; in a private one, also who subscribed others."""
        made = update(subscriptions).where(subscriptions.c.subscribed_by == chat_id)
        own = select(subscriptions.c.id).where(subscriptions.c.chat_id == chat_id)
        sent = delete(deliveries).where(deliveries.c.subscription_id.in_(own))
        async with self._database.writing() as connection:
            forgotten_deliveries = (await connection.execute(sent)).rowcount
            gone = await connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == chat_id))
            chat = await connection.execute(delete(chats).where(chats.c.chat_id == chat_id))
            unnamed = await connection.execute(made.values(subscribed_by=None))
            await notify(connection, Subject.CHAT, chat_id)
        return Forgotten(chat.rowcount, gone.rowcount, forgotten_deliveries, unnamed.rowcount)

    async def count(self) -> int:
        """How many chats were met."""
        async with self._database.reading() as connection:
            return (await connection.execute(select(func.count()).select_from(chats))).scalar_one()


async def put_chat(connection: AsyncConnection, chat_id: int, kind: str, title: str) -> None:
    """Write what a chat is and what it is called; its row is locked until the end of the transaction."""
    await _put(connection, chat_id, kind=_fitting(kind, _KIND), title=_fitting(title, _TITLE))


def _fitting(text: str, length: int) -> str:
    """As much of a text as is kept; PostgreSQL takes no NUL."""
    return text.replace("\0", "")[:length]


async def _put(connection: AsyncConnection, chat_id: int, **values: Any) -> None:
    statement = insert(connection, chats).values(chat_id=chat_id, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=values))


async def _set_on_subscriptions(connection: AsyncConnection, chat_id: int, **values: Any) -> None:
    statement = update(subscriptions).where(subscriptions.c.chat_id == chat_id).values(**values)
    await connection.execute(statement)
