"""What a fault of the instance that sends costs, with the lease as it is by default."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.integration.replicas import Failover, cut_off, frozen, killed, on_postgresql, on_sqlite
from tests.servers import PostgresqlServer

pytestmark = pytest.mark.bench

_COUNT, _LASTS = 2000, 12.0


@pytest.mark.parametrize("fault", [killed, frozen, cut_off])
async def test_on_postgresql(postgresql: PostgresqlServer, postgresql_url: str, fault) -> None:
    with TemporaryDirectory(prefix="wires-") as path:
        failover = await on_postgresql(
            postgresql, postgresql_url, Path(path), fault, count=_COUNT, lasts=_LASTS
        )
    _print(f"PostgreSQL, {fault.__name__}", failover)


async def test_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'shared.db'}"
    _print("SQLite, killed", await on_sqlite(url, tmp_path, killed, count=_COUNT, lasts=_LASTS))


def _print(fault: str, failover: Failover) -> None:
    print(f"\n| {fault} | {failover.seconds:.1f} s | {failover.lost} | {failover.doubled} | of {_COUNT}")
