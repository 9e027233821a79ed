"""The playground's state on disk: what survives a restart, in a folder that one playground uses at a time."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.errors import OperatorError
from bot.playground.bot_api.chats import PlayChat
from bot.playground.bot_api.world import World
from digests.delivery.clock import ShiftedClock, SystemClock
from digests.text import Language

_IN_USE = "in-use.db"
_FRESH = "begin anew with silkline playground --fresh"


def state_folder(database_url: str) -> Path:
    """Beside the bot's own SQLite database, else under ``var/``."""
    scheme, _, path = database_url.partition(":///")
    beside = Path(urlsplit(path).path).parent if scheme.startswith("sqlite") and path else Path("var")
    return beside / "playground"


class SavedWorld:
    """A folder with the world, its pictures and the bot's database.

    Raises:
        OperatorError: the folder cannot be used, or another playground uses it.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder
        self._saved_changes = -1
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "pictures").mkdir(exist_ok=True)
            self._lock = _locked(folder / _IN_USE)
            if fresh:
                _empty(folder)
        except OSError as error:
            raise OperatorError(f"{folder} cannot be used: {os.strerror(error.errno or 0)}") from error
        except sqlite3.Error as error:
            raise OperatorError(f"another playground uses {folder}: end it first") from error

    @property
    def is_fresh(self) -> bool:
        """Whether nothing was kept."""
        return not self._file.exists()

    def restore(self, world: World, clock: ShiftedClock) -> None:
        """Take up the world and the clock where they were left.

        Raises:
            OperatorError: what was kept cannot be read.
        """
        if self.is_fresh:
            return
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            clock.set(clock.now() + timedelta(seconds=float(kept["clock_shift"])))
            _fill(world, kept)
            world.files = {path.stem: path.read_bytes() for path in (self.folder / "pictures").glob("*.png")}
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{self._file} cannot be read ({type(error).__name__}): {_FRESH}"
            raise OperatorError(message) from error

    def save(self, world: World, clock: ShiftedClock) -> None:
        """Write what changed since the last time; the old file stays whole until the new one is."""
        if world.changes == self._saved_changes:
            return
        changes = world.changes
        for file_id, content in list(world.files.items()):
            path = self.folder / "pictures" / f"{file_id}.png"
            if not path.exists():
                path.write_bytes(content)
        written = self._file.with_suffix(".new")
        shift = clock.now() - SystemClock().now()
        kept = _kept(world) | {"clock_shift": shift.total_seconds()}
        written.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        written.replace(self._file)
        self._saved_changes = changes

    def close(self) -> None:
        """Let another playground use the folder."""
        self._lock.close()

    @property
    def _file(self) -> Path:
        return self.folder / "world.json"


def _locked(path: Path) -> sqlite3.Connection:
    """A lock that ends with the process, on every system."""
    lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN EXCLUSIVE")
    return lock


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name.startswith(_IN_USE):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    (folder / "pictures").mkdir()


def _kept(world: World) -> dict[str, Any]:
    chats = [asdict(chat) for chat in world.chats.values()]
    for chat in chats:
        chat |= {name: sorted(chat[name]) for name in ("closed_topics", "pins", "withheld", "own", "silent")}
        chat["messages"] = list(chat["messages"].values())
    return {
        "language": world.language,
        "bot": world.bot,
        "people": list(world.people.values()),
        "chats": chats,
        "updates": world.updates,
        "next_update": world.next_update,
        "commands": [[*key, commands] for key, commands in world.commands.items()],
        "descriptions": [[*key, text] for key, text in world.descriptions.items()],
    }


def _fill(world: World, kept: dict[str, Any]) -> None:
    world.language = Language(kept["language"])
    world.bot = kept["bot"]
    world.people = {person["id"]: person for person in kept["people"]}
    world.chats = {chat["id"]: _chat(chat) for chat in kept["chats"]}
    world.updates = kept["updates"]
    world.next_update = kept["next_update"]
    world.commands = {(scope, code): commands for scope, code, commands in kept["commands"]}
    world.descriptions = {(name, code): text for name, code, text in kept["descriptions"]}


def _chat(kept: dict[str, Any]) -> PlayChat:
    kept |= {name: set(kept[name]) for name in ("closed_topics", "pins", "withheld", "own", "silent")}
    numbered = ("members", "topics", "direct_topics")
    kept |= {name: {int(key): value for key, value in kept[name].items()} for name in numbered}
    kept["messages"] = {message["message_id"]: message for message in kept["messages"]}
    return PlayChat(**kept)
