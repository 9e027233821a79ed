from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.integration.replicas import AT_ONCE, cut_off, frozen, killed, on_postgresql, on_sqlite

COUNT, LASTS = 200, 1.5

#: A second between looks, and what a busy machine takes to begin.
SLACK = 4


@pytest.fixture
def folder():
    """With a short path, as sockets want it."""
    with TemporaryDirectory(prefix="wires-") as path:
        yield Path(path)


@pytest.mark.parametrize("fault", [killed, frozen, cut_off])
async def test_another_replica_takes_over_and_only_what_was_in_flight_can_double(
    postgresql, postgresql_url, folder, fault
):
    failover = await on_postgresql(postgresql, postgresql_url, folder, fault, count=COUNT, lasts=LASTS)
    assert failover.lost == 0
    assert failover.doubled <= 2 * AT_ONCE
    assert failover.seconds < LASTS + SLACK
    assert failover.finished < LASTS + SLACK + 5  # claims of the dead are not waited for


async def test_two_processes_on_one_file_take_turns_as_well(sqlite_url, folder):
    failover = await on_sqlite(sqlite_url, folder, killed, count=COUNT, lasts=LASTS)
    assert failover.lost == 0
    assert failover.doubled <= 2 * AT_ONCE
    assert failover.seconds < LASTS + SLACK
    assert failover.finished < LASTS + SLACK + 5  # claims of the dead are not waited for
