"""Opening what several commands work on, with what may be wrong told plainly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import OperatorError, SettingsError
from bot.settings import Settings
from digests.composing import PostComposer
from digests.delivery.planner import Planner
from digests.library_holder import LibraryHolder
from digests.pages import Pages
from digests.pictures import FontMissingError, font_path
from digests.store import Store
from digests.store.connections.database import UnavailableDatabaseError, UnsupportedDatabaseError
from digests.store.schema.versions import NewerDatabaseError


@asynccontextmanager
async def open_store(url: str) -> AsyncIterator[Store]:
    """The store of a database URL, closed at the end.

    Raises:
        OperatorError: it cannot be opened.
    """
    try:
        store = await Store.open(url)
    except UnsupportedDatabaseError as error:
        raise SettingsError(f"DATABASE_URL: {error}") from error
    except UnavailableDatabaseError as error:
        raise OperatorError(f"DATABASE_URL: {error}") from error
    except NewerDatabaseError as error:
        raise OperatorError(str(error)) from error
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
        raise OperatorError(f"no report can be used: {problems[0]}")
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
