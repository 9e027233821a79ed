"""The library that answers are made from: filled from the store, swapped as a whole."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from digests.report.library import Library
from digests.report.loading import load_pack
from digests.report.model import Report
from digests.report.problems import PackError
from digests.store import Store
from digests.store.reports import RevisionTakenError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload made of a report: the revisions in the library before and after, and that of its folder.

    None stands for: not in the library, or no folder that could be read.
    """

    report_id: str
    before: int | None
    after: int | None
    in_folder: int | None


class LibraryHolder:
    """Holds the current library; a broken pack never takes the last good one down."""

    def __init__(self, store: Store, packs_dir: Path) -> None:
        self.current = Library(())
        self._store = store
        self._packs_dir = packs_dir
        self._version = 0
        self._in_folders: dict[str, int] = {}

    async def reload(self) -> tuple[tuple[Reloaded, ...], tuple[str, ...]]:
        """Take in the packs again: what became of each report, and what was wrong, line by line."""
        before = self._revisions()
        problems = await self.take_in_packs()
        after, folders = self._revisions(), self._in_folders
        ids = sorted({*before, *after, *folders})
        told = tuple(Reloaded(each, before.get(each), after.get(each), folders.get(each)) for each in ids)
        return told, problems

    def _revisions(self) -> dict[str, int]:
        return {report.id: report.revision for report in self.current.reports}

    async def take_in_packs(self) -> tuple[str, ...]:
        """Store every pack of the folder, and renew the library; what was wrong, line by line."""
        problems: list[str] = []
        self._in_folders = {}
        await self.refresh()
        for directory in pack_directories(self._packs_dir):
            problems += await self._take_in(directory)
            await self.refresh()
        if not problems and not self.current.reports:
            problems.append(f"{self._packs_dir}: {nothing_left(self._in_folders)}")
        for problem in problems:
            log.error("kept the last good reports: %s", problem)
        return tuple(problems)

    async def _take_in(self, directory: Path) -> list[str]:
        try:
            report = await asyncio.to_thread(load_pack, directory)
            if report.id in self._in_folders:
                return [f"{directory}: {stands_twice(report.id)}"]
            self._in_folders[report.id] = report.revision
            # the ids of two reports must not collide
            await asyncio.to_thread(Library, _with(self.current.reports, report))
            await self._store.reports.save(report)
        except PackError as error:
            return [str(problem) for problem in error.problems]
        except RevisionTakenError as error:
            return [f"{directory}: {error}"]
        return []

    async def refresh(self) -> bool:
        """Renew the library when the store holds something newer; whether it did."""
        version = await self._store.reports.version()
        if version == self._version:
            return False
        try:
            self.current = await asyncio.to_thread(_prepared, await self._store.reports.load())
        except PackError as error:
            log.error("kept the last good reports: %s", error)  # noqa: TRY400 - one line for people
        self._version = version
        return True


def stands_twice(report_id: str) -> str:
    """Why a folder is not taken in that holds a report which another one holds."""
    return f"the report {report_id} stands in another folder as well; keep one of them"


def nothing_left(in_folders: Mapping[str, int]) -> str:
    """Why there is no report, given the revisions in the folders of packs that are well."""
    if not in_folders:
        return "no report pack here"
    names = ", ".join(f"{name} (revision {revision})" for name, revision in sorted(in_folders.items()))
    return f"withdrawn, until a higher revision comes: {names}"


def pack_directories(packs_dir: Path) -> list[Path]:
    """The folders that hold a pack, by name."""
    if not packs_dir.is_dir():
        return []
    return sorted(path for path in packs_dir.iterdir() if path.is_dir() and any(path.glob("*.yaml")))


def _prepared(reports: tuple[Report, ...]) -> Library:
    library = Library(reports)
    library.prepare()
    return library


def _with(reports: tuple[Report, ...], new: Report) -> tuple[Report, ...]:
    return (*(report for report in reports if report.id != new.id), new)
