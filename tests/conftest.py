"""What all tests share: how property tests search, and one PostgreSQL server for whoever asks."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from bot.telegram.calls.lazy_models import build_on_demand
from tests.servers import PostgresqlServer, postgresql_server

build_on_demand()  # as the bot does, before a test imports aiogram

# anew at each run, but alike on every run of a shared machine
settings.register_profile("shared machine", deadline=None, derandomize=True)
settings.register_profile("developer", deadline=None)
settings.load_profile("shared machine" if os.environ.get("CI") else "developer")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    with postgresql_server() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: PostgresqlServer) -> str:
    return postgresql.migrated()
