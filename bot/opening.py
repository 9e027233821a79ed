"""Opening what several commands work on, with what may be wrong told plainly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.faults import Fault, SettingsFault
from bot.settings import Settings
from bot.shelf import Shelf
from digests.composing import PostComposer
from digests.pages import Pages
from digests.pictures import FontMissingError, font_path
from digests.planning import Planner
from digests.store import Store
from digests.store.database import UnavailableDatabaseError, UnsupportedDatabaseError
from digests.store.versions import NewerDatabaseError


@asynccontextmanager
async def opened_store(url: str) -> AsyncIterator[Store]:
    """The store of a database URL, closed at the end.

    Raises:
        Fault: it cannot be opened.
    """
    try:
        store = await Store.open(url)
    except UnsupportedDatabaseError as error:
        raise SettingsFault(f"DATABASE_URL: {error}") from error
    except UnavailableDatabaseError as error:
        raise Fault(f"DATABASE_URL: {error}") from error
    except NewerDatabaseError as error:
        raise Fault(str(error)) from error
    try:
        yield store
    finally:
        await store.close()


async def filled_shelf(store: Store, settings: Settings) -> Shelf:
    """The library of a store with the packs taken in.

    Raises:
        Fault: there is no usable report at all; names the first problem.
    """
    shelf = Shelf(store, settings.packs_dir)
    problems = await shelf.take_in_packs()
    if not shelf.current.reports:
        raise Fault(f"no report can be used: {problems[0]}")
    return shelf


def ensure_font() -> None:
    """See to it that pictures can be lettered, before anybody waits for one.

    Raises:
        Fault: the font is not installed.
    """
    try:
        font_path()
    except FontMissingError as error:
        raise Fault(str(error)) from error


def planner_of(store: Store, shelf: Shelf, pages: Pages, settings: Settings) -> Planner:
    """Whoever plans and publishes from what stands on the shelf."""
    return Planner(store, PostComposer(lambda: shelf.current, pages), settings.max_lateness)
