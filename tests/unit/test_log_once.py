"""A trouble that lasts is one line in the log, not one a second."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy.exc import OperationalError

from digests.logs.repeated_errors import RepeatedErrors, reason
from digests.store.connections.database import UnavailableDatabaseError, reason_of


def test_a_trouble_is_told_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    errors = RepeatedErrors(logging.getLogger("work"))
    for _ in range(3):
        errors.failed("the plan", OSError("disk full"))
    errors.failed("the plan", OSError("disk gone"))
    for _ in range(2):
        errors.worked("the plan")
    assert [record.getMessage() for record in caplog.records] == [
        "the plan failed and is tried again: disk full",
        "the plan failed and is tried again: disk gone",
        "the plan works again",
    ]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TimeoutError(), "no answer in time"),
        (ConnectionResetError(), "the connection was cut"),
        (OSError(28, "No space left on device", "/x"), "No space left on device"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (KeyError("x"), "KeyError: 'x'"),
        (RuntimeError(), "RuntimeError"),
        (UnavailableDatabaseError("the server is away"), "the server is away"),
        (OperationalError("SELECT 1", {}, ValueError("database is locked")), "database is locked"),
    ],
)
def test_what_went_wrong_outside_is_told_in_plain_words(error: Exception, told: str) -> None:
    assert reason(error) == told


@pytest.mark.parametrize(
    ("error", "cause", "told"),
    [
        (UnavailableDatabaseError("no answer within 5 s"), TimeoutError(), "no answer within 5 s"),
        (TimeoutError(), None, "no answer in time"),
        (
            UnavailableDatabaseError("x cannot be opened"),
            OSError(28, "No space left"),
            "x cannot be opened",
        ),
    ],
)
def test_what_a_database_says_is_no_name_of_a_class(
    error: Exception, cause: Exception | None, told: str
) -> None:
    error.__cause__ = cause
    assert reason_of(error) == told


def test_a_trouble_outside_has_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    RepeatedErrors(logging.getLogger("work")).failed("the plan", UnavailableDatabaseError("away"))
    (record,) = caplog.records
    assert (record.getMessage(), record.exc_info) == ("the plan failed and is tried again: away", None)


def test_what_works_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    RepeatedErrors(logging.getLogger("work")).worked("the plan")
    assert caplog.records == []
