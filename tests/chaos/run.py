"""A run of chaos: the instances of a plan, its faults, calm, and what is known then."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

from aiohttp import ClientSession

from bot.playground import World
from digests.posts import DeliveryState
from digests.store import Store
from digests.subscriptions import Address
from tests.chaos import town
from tests.chaos.clock import SharedClock
from tests.chaos.databases import PostgresqlDatabase, SqliteFile, postgresql_database, sqlite_file
from tests.chaos.evidence import Evidence, Trouble
from tests.chaos.people import People
from tests.chaos.plan import DAYS, Fault, Kind, Plan
from tests.chaos.process import Process, Reading
from tests.chaos.telegram import Telegram
from tests.integration.bot_world import stock
from tests.servers import PostgresqlServer

TOKEN, WEBHOOK_SECRET = "1:hush-token", "hush-webhook"

#: Posts a second: a day's digests take some seconds, and few calls are in flight.
_RATE = 10

_BEGINNING = datetime(2026, 5, 29, 12, tzinfo=UTC)

#: Just before nine o'clock in Shanghai.
_BEFORE_NINE = wall_time(0, 59, 58)

#: How long after a question the process ends that answers it (seconds).
_IN_WORK = 0.3

#: How long calm may take (seconds), how often it is looked for, and how far the clock is moved meanwhile.
_CALM_LIMIT, _LOOK_EVERY, _WAIT = 75.0, 1.0, timedelta(seconds=10)

#: Within so long whoever plans looks again, and takes back what it did while its clock was ahead (seconds).
_ROUND_OF_PLANNING = 4.0


@dataclass
class Chaos:
    """The world of a run; it does what the plan says."""

    plan: Plan
    store: Store
    database: SqliteFile | PostgresqlDatabase
    telegram: Telegram
    people: People
    processes: list[Process]
    clock: SharedClock
    client: ClientSession
    evidence: Evidence

    async def live(self) -> None:
        """Go through the days, each with its faults and the calm behind them."""
        await self.calm("the start")
        first = self._read()
        for day, faults in zip(DAYS, self.plan.days, strict=True):
            await self._day(day, faults)
            await self.calm(f"{day}")
            if any(fault.kind is Kind.CLOCK for fault in faults):
                await asyncio.sleep(_ROUND_OF_PLANNING)
                await self.calm(f"{day}, after the leap of a clock")
        await self._last_questions()
        last = self._read()
        self.evidence.readings = [(first[pid], last[pid]) for pid in first.keys() & last.keys()]
        await self._look_back()

    async def _day(self, day: date, faults: tuple[Fault, ...]) -> None:
        self.move(datetime.combine(day, _BEFORE_NINE, tzinfo=UTC))
        asking = asyncio.create_task(self.people.keep_asking())
        await asyncio.gather(*(self._happen(fault) for fault in faults))
        asking.cancel()

    async def _happen(self, fault: Fault) -> None:
        await asyncio.sleep(fault.at)
        began = time.monotonic()
        await self._strike(fault)
        self.evidence.troubles.append(Trouble(fault, began, time.monotonic()))

    def _strike(self, fault: Fault) -> Awaitable[None]:  # noqa: PLR0911 - a table
        process, database = self.processes[fault.target], self.database
        match fault.kind:
            case Kind.KILL | Kind.STOP:
                return self._end(process, fault)
            case Kind.FREEZE:
                return self._freeze(process, fault.lasts)
            case Kind.CLOCK:
                return self._leap(process, fault)
            case Kind.REFUSALS:
                return self._refuse(fault)
            case Kind.AWAY:
                return self.telegram.be_away(fault.lasts)
            case Kind.ADMINISTRATORS:
                return self.people.quarrel()
            case Kind.FLOOD:
                return self._flood(int(fault.size))
        return _strike_database(database, fault)

    async def _end(self, process: Process, fault: Fault) -> None:
        self.people.ask_at_once()  # so that there is something in work
        await asyncio.sleep(_IN_WORK)
        process.signal(signal.SIGKILL if fault.kind is Kind.KILL else signal.SIGTERM, fault.lasts)

    async def _freeze(self, process: Process, seconds: float) -> None:
        process.signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        process.signal(signal.SIGCONT)

    async def _leap(self, process: Process, fault: Fault) -> None:
        process.clock.set(self.clock.now() + timedelta(seconds=fault.size))
        await asyncio.sleep(fault.lasts)
        process.clock.set(self.clock.now())

    async def _refuse(self, fault: Fault) -> None:
        self.telegram.break_calls(fault.size)
        await asyncio.sleep(fault.lasts)
        self.telegram.break_calls(0)

    async def _flood(self, questions: int) -> None:
        self.people.flood(questions)

    def move(self, to: datetime) -> None:
        """Move every clock, as time does."""
        for clock in (self.clock, *(process.clock for process in self.processes)):
            clock.set(to)

    async def calm(self, when: str) -> None:
        """Wait until nothing waits any more; so that it does not take hours, the clocks go faster."""
        trouble: str | None = "nobody looked"
        with suppress(TimeoutError):
            async with asyncio.timeout(_CALM_LIMIT):
                while trouble := await self._trouble():
                    await asyncio.sleep(_LOOK_EVERY)
                    if "ready" not in trouble:
                        self.move(self.clock.now() + _WAIT)
        if trouble:
            self.evidence.unsettled.append(f"{when}: {trouble} after {_CALM_LIMIT:g} s")

    async def _trouble(self) -> str | None:
        """What is not yet as it should be."""
        for number, process in enumerate(self.processes):
            if not await process.is_ready(self.client):
                return f"instance {number} is not ready"
        counts = await self.store.outbox.summary()
        if waiting := counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING]:
            return f"{waiting} deliveries wait"
        next_due = await self.store.outbox.next_due()
        if next_due is not None and next_due <= self.clock.now():
            return "what is due is not planned"
        unanswered = [each for each in self.telegram.world.callbacks.values() if each is None]
        return f"{len(unanswered)} buttons wait" if unanswered else None

    async def _last_questions(self) -> None:
        """Everybody asks once more, in peace, and is answered."""
        await asyncio.sleep(1.5)
        before = len(self.people.questions)
        for reader in town.READERS:
            self.people.ask(reader)
        asked = self.people.questions[before:]
        with suppress(TimeoutError):
            async with asyncio.timeout(60):  # what is left of a flood comes first, one answer a second
                while not all(map(self.people.is_answered, asked)):  # noqa: ASYNC110 - another process answers
                    await asyncio.sleep(0.1)
        silent = [question for question in asked if not self.people.is_answered(question)]
        self.evidence.unsettled += [f"in peace {question} has no answer" for question in silent]

    def _read(self) -> dict[int, Reading]:
        readings = [process.read() for process in self.processes]
        return {reading.pid: reading for reading in readings if reading is not None}

    async def _look_back(self) -> None:
        """Put on record what is known at the end."""
        evidence, store = self.evidence, self.store
        evidence.ended = self.clock.now()
        for record in await store.outbox.list(limit=100_000):
            evidence.records[record.address.chat_id, record.occasion] = record
        for group in town.GROUPS:
            known = await store.subscriptions.get(Address(group))
            assert known is not None
            evidence.settings[group] = known


async def _strike_database(database: SqliteFile | PostgresqlDatabase, fault: Fault) -> None:
    if isinstance(database, SqliteFile):
        await (database.full if fault.kind is Kind.FULL_DISK else database.locked)(fault.lasts)
    elif fault.kind is Kind.CUT:
        await database.cut(fault.target, fault.lasts)
    else:
        await database.restart(fault.lasts)


async def run(plan: Plan, folder: Path, server: PostgresqlServer | None = None) -> Evidence:
    """Do what a plan says; PostgreSQL needs a *server*."""
    async with AsyncExitStack() as closing:
        database: SqliteFile | PostgresqlDatabase
        if server is None:
            database = await closing.enter_async_context(sqlite_file(folder))
        else:
            database = await closing.enter_async_context(postgresql_database(server, plan.instances))
        async with living(plan, folder, database) as chaos:
            await chaos.live()
        return chaos.evidence


@asynccontextmanager
async def living(
    plan: Plan, folder: Path, database: SqliteFile | PostgresqlDatabase, rate: float = _RATE
) -> AsyncIterator[Chaos]:
    """The world with its instances running; they end with it."""
    clock = SharedClock(folder / "clock")
    clock.set(_BEGINNING)
    world = World(clock.now)
    town.populate(world)
    await stock(database.url)
    store = await Store.open(database.url)
    subscriptions = {each.address.chat_id: each for each in town.subscriptions()}
    await store.subscriptions.put_all(subscriptions.values(), _BEGINNING)
    telegram = Telegram(world, plan.seed)
    url = await telegram.start("127.0.0.1", 0)
    processes = [
        Process(number, folder, _environment(plan, folder, url, database.url_of(number), rate), _free_port())
        for number in range(plan.instances)
    ]
    telegram.ports = [process.port for process in processes]
    people = People(world, plan.seed, TOKEN)
    subscribers = {chat_id: each for chat_id, each in subscriptions.items() if chat_id in town.SUBSCRIBERS}
    evidence = Evidence(plan, telegram, people, subscribers, _BEGINNING, secrets=(TOKEN, WEBHOOK_SECRET))
    async with ClientSession() as client:
        chaos = Chaos(plan, store, database, telegram, people, processes, clock, client, evidence)
        chaos.move(_BEGINNING)
        for process in processes:
            process.start()
        try:
            yield chaos
        finally:
            codes = await asyncio.gather(*(process.end() for process in processes))
            evidence.logs = "\n".join(process.log.read_text() for process in processes)
            evidence.unsettled += [f"a stop ended with {code}" for code in codes if code]
    await telegram.close()
    await store.close()


def _environment(plan: Plan, folder: Path, url: str, database_url: str, rate: float) -> dict[str, str]:
    packs = folder / "no-packs"
    packs.mkdir(exist_ok=True)
    by_webhook = {"WEBHOOK_URL": "http://127.0.0.1:1", "WEBHOOK_SECRET": WEBHOOK_SECRET}
    return {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": url,
        "DATABASE_URL": database_url,
        "PACKS_DIR": str(packs),
        "BROADCAST_RATE": str(rate),
        "LOG_FORMAT": "json",
        **(by_webhook if plan.instances > 1 else {}),
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
