"""Has pictures drawn one after the other, by a process that lives while there is something to draw."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

from digests.report.library import Library
from digests.subscriptions import Theme
from digests.text import Language

#: A process that ended is replaced, and asked once more: something else may have ended it.
_ATTEMPTS = 2


class DrawingError(RuntimeError):
    """A picture could not be drawn; the next one can."""


class Drawer:
    """One for an instance.

    ``idle`` (seconds) is how long its process waits for a next picture, ``limit`` (seconds) how long a
    picture may take, the start of the process included. The process has the bot's own priority: the system
    calls that lower one end a process under some sandboxes.
    """

    def __init__(self, idle: float = 30.0, limit: float = 60.0) -> None:
        self._idle = idle
        self._limit = limit
        self._one_at_a_time = asyncio.Lock()
        self._process: Process | None = None
        self._is_closed = False
        self._knows = ""  # the version of the library that the process was told
        self._leaving: asyncio.Task[None] | None = None

    async def draw(self, library: Library, language: Language, theme: Theme, name: str) -> bytes:
        """A picture of *library* as PNG.

        Raises:
            LookupError: there is no picture of that name in the library.
            DrawingError: it cannot be drawn, or took too long.
        """
        async with self._one_at_a_time:
            self._stay()
            try:
                async with asyncio.timeout(self._limit):
                    return await self._attempt(library, language, theme, name)
            except TimeoutError as error:
                await self._end()
                raise DrawingError(f"the drawing of {name} took longer than {self._limit:g} s") from error
            except asyncio.CancelledError:
                await self._end()  # the answer to this order must not be taken for that to the next one
                raise
            finally:
                self._leaving = asyncio.create_task(self._leave())

    async def _attempt(self, library: Library, language: Language, theme: Theme, name: str) -> bytes:
        """Ask the process; another one when it ended meanwhile."""
        for attempt in range(_ATTEMPTS):
            try:
                return await self._ask(await self._knowing(library), language, theme, name)
            except (OSError, EOFError, ValueError) as error:  # it ended before or amid its answer
                await self._end()
                if attempt == _ATTEMPTS - 1:
                    raise DrawingError(f"the drawing of {name} ended: {type(error).__name__}") from error
        raise DrawingError(name)

    async def _knowing(self, library: Library) -> Process:
        """The process, told of this library."""
        if self._is_closed:
            raise DrawingError("the drawing process was closed")
        if self._process is None or self._process.returncode is not None or self._knows != library.version:
            await self._end()
            command = (sys.executable, "-m", "digests.pictures.process.worker")
            self._process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
            self._knows = library.version
            reports = b",".join(report.model_dump_json().encode() for report in library.reports)
            await _write(self._process, b"[" + reports + b"]\n")
        return self._process

    async def _ask(self, process: Process, language: Language, theme: Theme, name: str) -> bytes:
        order = {"language": language, "theme": theme, "name": name}
        await _write(process, json.dumps(order).encode() + b"\n")
        if process.stdout is None:
            raise DrawingError("the process has no output")
        said = json.loads(await process.stdout.readline())
        if "missing" in said:
            raise LookupError(said["missing"])
        if "failed" in said:
            raise DrawingError(said["failed"])
        return await process.stdout.readexactly(said["drawn"])

    def _stay(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()

    async def _leave(self) -> None:
        await asyncio.sleep(self._idle)
        async with self._one_at_a_time:
            await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        await process.communicate()  # so that its pipes are closed, too

    async def close(self) -> None:
        """End the process, and wait until it has ended."""
        self._is_closed = True
        if self._process is not None:
            _kill(self._process)
        async with self._one_at_a_time:  # a picture in work meets the end of the process first
            self._stay()
            await self._end()


def _kill(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


async def _write(process: Process, line: bytes) -> None:
    if process.stdin is None:
        raise DrawingError("the process has no input")
    process.stdin.write(line)
    await process.stdin.drain()
