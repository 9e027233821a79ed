"""Opening what several commands work on, with what may be wrong told plainly."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta

from bot.errors import OperatorError, SettingsError
from bot.settings import Settings
from digests.composing.post_composer import PostComposer
from digests.delivery.planner import Planner
from digests.library_holder import LibraryHolder
from digests.pages import Pages
from digests.pictures import FontMissingError, font_path
from digests.store import Store
from digests.store.connections.database import (
    UnavailableDatabaseError,
    UnsupportedDatabaseError,
    is_database_trouble,
    reason_of,
)
from digests.store.connections.url import keeps_nothing
from digests.store.schema.versions import MissingDatabaseError, NewerDatabaseError, OlderDatabaseError

log = logging.getLogger(__name__)

#: A bot that was down for an hour is not rare; posts that wait for longer are looked at twice.
_LONG_AGO = timedelta(hours=1)


@asynccontextmanager
async def open_store(url: str, *, may_migrate: bool = False) -> AsyncIterator[Store]:
    """The store of a database URL, closed at the end; only *may_migrate* makes or upgrades a database.

    Raises:
        OperatorError: it cannot be opened, is damaged, or has another schema; one line that names it.
    """
    with database_told_plainly():
        if keeps_nothing(url):
            raise UnsupportedDatabaseError("what is stored there is lost at the end: give the path of a file")
        store = await (Store.open if may_migrate else Store.open_existing)(url)
    try:
        with database_told_plainly():
            if may_migrate and (damage := await store.damage()):
                raise UnavailableDatabaseError(f"{store.name} is damaged, restore a backup: {damage}")
            yield store
    finally:
        await store.close()


async def warn_of_old_posts(store: Store, now: datetime) -> None:
    """Say so when the start finds posts that wait since long: the database may be older than the clock."""
    oldest = await store.outbox.oldest_pending()
    if oldest is not None and now - oldest > _LONG_AGO:
        log.warning(
            "posts wait since %s and go out now; if %s was brought back from a copy they may have gone out "
            "already: stop, and run silkline db settle --before now",
            oldest.isoformat(timespec="minutes"),
            store.name,
        )


@contextmanager
def database_told_plainly() -> Iterator[None]:
    """Turn what is wrong with the database into one line for the operator.

    Raises:
        OperatorError: something is.
    """
    try:
        yield
    except UnsupportedDatabaseError as error:
        raise SettingsError(f"DATABASE_URL: {error}") from error
    except UnavailableDatabaseError as error:
        raise OperatorError(f"DATABASE_URL: {error}") from error
    except MissingDatabaseError as error:
        raise OperatorError(f"DATABASE_URL: {error}: a start or silkline db upgrade makes one") from error
    except OlderDatabaseError as error:
        raise OperatorError(f"{error}: back it up, then silkline db upgrade") from error
    except NewerDatabaseError as error:
        raise OperatorError(str(error)) from error
    except Exception as error:
        if isinstance(error, OSError) or not is_database_trouble(error):
            raise
        raise OperatorError(f"DATABASE_URL: {reason_of(error)}") from error


@asynccontextmanager
async def temporary_store() -> AsyncIterator[Store]:
    """A store that leaves no trace."""
    store = await Store.open("sqlite+aiosqlite://")
    try:
        yield store
    finally:
        await store.close()


async def loaded_library_holder(store: Store, settings: Settings) -> LibraryHolder:
    """The library of a store with the packs taken in.

    Raises:
        OperatorError: there is no usable report at all; names the first problem.
    """
    library_holder = LibraryHolder(store, settings.packs_dir)
    problems = await library_holder.take_in_packs()
    if not library_holder.current.reports:
        raise OperatorError(f"PACKS_DIR: no report can be used: {problems[0]}")
    return library_holder


def ensure_font() -> None:
    """See to it that pictures can be lettered, before anybody waits for one.

    Raises:
        OperatorError: the font is not installed.
    """
    try:
        font_path()
    except FontMissingError as error:
        raise OperatorError(str(error)) from error


def make_planner(store: Store, library_holder: LibraryHolder, pages: Pages, settings: Settings) -> Planner:
    """Whoever plans and publishes from what stands on the shelf."""
    return Planner(store, PostComposer(lambda: library_holder.current, pages), settings.max_lateness)
