"""The ids under which Telegram keeps files that were uploaded once; each belongs to one bot."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, delete, select

from digests.store.connections.database import Database, insert
from digests.store.schema.tables import files


class Files:
    """File ids by bot and by the key of the content."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, bot_id: int, key: str) -> str | None:
        """The file id of a content; None when it was not uploaded yet."""
        query = select(files.c.file_id).where(_of(bot_id, key))
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def put(self, bot_id: int, key: str, file_id: str) -> None:
        """Remember where a content was uploaded."""
        key_of_row, renewed = {"bot_id": bot_id, "key": key}, {"file_id": file_id}
        async with self._database.writing() as connection:
            statement = insert(connection, files).values(**key_of_row, **renewed)
            await connection.execute(
                statement.on_conflict_do_update(index_elements=list(key_of_row), set_=renewed)
            )

    async def drop(self, bot_id: int, key: str) -> None:
        """Forget a file id that Telegram no longer knows."""
        async with self._database.writing() as connection:
            await connection.execute(delete(files).where(_of(bot_id, key)))


def _of(bot_id: int, key: str) -> ColumnElement[bool]:
    return and_(files.c.bot_id == bot_id, files.c.key == key)
