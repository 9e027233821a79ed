"""A trouble that lasts is one line in the log, not one a second."""

from __future__ import annotations

import logging

import pytest

from digests.log_once import RepeatedErrors


def test_a_trouble_is_told_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    errors = RepeatedErrors(logging.getLogger("work"))
    for _ in range(3):
        errors.failed("the plan", OSError("disk full"))
    errors.failed("the plan", OSError("disk gone"))
    for _ in range(2):
        errors.worked("the plan")
    assert [record.getMessage() for record in caplog.records] == [
        "the plan failed and is tried again: OSError: disk full",
        "the plan failed and is tried again: OSError: disk gone",
        "the plan works again",
    ]


def test_what_works_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    RepeatedErrors(logging.getLogger("work")).worked("the plan")
    assert caplog.records == []
