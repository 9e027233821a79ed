"""What is given on the command line, or by the machine, is bounded and told in one line."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.unit.test_cli import silkline


@pytest.mark.parametrize("zone", ["/etc/passwd", "Europe"])
def test_a_time_zone_of_the_machine_that_is_none_is_one_line(zone, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "bot", "subscriptions", "export", "out"],
        capture_output=True, text=True, cwd=tmp_path, check=False, env=os.environ | {"TZ": zone},
    )  # fmt: skip
    assert done.stderr.startswith("silkline: TZ, or else /etc/localtime, is no time zone")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("db", "settle", "--before", "0001-01-01T00:00+14:00"), "is no instant"),
        (("publish", "--date", "9999-12-31", "--cadence", "daily"), "must be from 1900 to 2100"),
        (("publish", "--date", "0001-01-01", "--cadence", "daily"), "must be from 1900 to 2100"),
    ],
)
def test_an_instant_that_no_calendar_has_is_one_line(arguments, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = silkline(*arguments)
    assert result.exit_code != 0
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_import_that_never_ends_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.cli.subscriptions._LONGEST", 1000)
    assert (
        "more than 1000 bytes; nothing was imported"
        in silkline("subscriptions", "import", "/dev/zero").stderr
    )
