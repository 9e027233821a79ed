"""Single settings: what is read, at the borders of what is allowed, and what is refused with which reason."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import setting_values as values


def refused(read: Any, text: Any) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        read(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", set()),
        ("12", {12}),
        ("12,34", {12, 34}),
        ("12, 34  56", {12, 34, 56}),
        ("1", {1}),
        (str(2**52 - 1), {2**52 - 1}),
    ],
)
def test_ids_stand_with_commas_or_blanks_between(text: str, ids: set[int]) -> None:
    assert values.user_ids(text) == ids


@pytest.mark.parametrize("text", ["0", "-1", "bob", "1.5", str(2**52), "9" * 20, "9" * 19, "１２", "²"])
def test_what_is_no_id_is_refused_and_named(text: str) -> None:
    assert refused(values.user_ids, f"7,{text}") == (
        f"{text!r} is no user id: write numbers with commas between, such as 12345"
    )


def test_a_long_word_that_is_no_id_is_cut() -> None:
    assert refused(values.user_ids, "x" * 50).startswith(f"{'x' * 40!r} is no")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("90", 90), ("90s", 90), ("90m", 5400), ("6h", 21600), ("2d", 172800), (" 2 D ", 172800)],
)
def test_a_duration_has_a_unit_and_without_one_it_is_seconds(text: str, seconds: int) -> None:
    assert values.duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "soon", "1.5h", "-1h", "1w", "1h30m", "1" * 10])
def test_what_is_no_duration_is_told_how_one_is_written(text: str) -> None:
    assert refused(values.duration, text) == "no duration: write 90m, 6h or 2d"


def test_the_longest_duration_that_can_be_written_is_one() -> None:
    assert values.duration("999999999") == timedelta(seconds=999_999_999)
    assert values.duration("999999999d") == timedelta(days=999_999_999)
    assert values.duration("999999999h") == timedelta(hours=999_999_999)


def test_a_digest_may_be_late_from_five_minutes_to_a_month() -> None:
    second = timedelta(seconds=1)
    for allowed in (timedelta(minutes=5), timedelta(hours=6), timedelta(days=31)):
        assert values.lateness(allowed) == allowed
    for other in (timedelta(minutes=5) - second, timedelta(days=31) + second):
        assert refused(values.lateness, other) == (
            "must be from 5m to 31d: with less, digests would be skipped instead of sent"
        )


def test_deliveries_are_kept_from_a_month_to_a_hundred_years() -> None:
    second = timedelta(seconds=1)
    for allowed in (timedelta(days=31), timedelta(days=400), timedelta(days=36_500)):
        assert values.keeping_time(allowed) == allowed
    assert refused(values.keeping_time, timedelta(days=31) - second) == (
        "too short: with less than 31d a monthly digest could be told twice"
    )
    assert refused(values.keeping_time, timedelta(days=36_500) + second) == "too long: at most 36500d"


def test_a_token_is_taken_without_the_blanks_around_it() -> None:
    assert values.token_text(" 123456:ABC-def_9 \n") == "123456:ABC-def_9"


@pytest.mark.parametrize("text", ["", "ABC", "123456:", ":ABC", "12x:ABC", "123:A BC", "123:ABC!"])
def test_what_is_no_token_is_refused(text: str) -> None:
    assert refused(values.token_text, text) == (
        "no bot token: copy it from @BotFather, such as 123456:ABC-DEF"
    )


def test_a_secret_has_five_to_256_characters_of_telegrams_alphabet() -> None:
    for allowed in ("12345", "Az_-9", "x" * 256):
        assert values.secret_word(f" {allowed}\n") == allowed
    assert refused(values.secret_word, "1234") == "too short to be a secret: write a long random word"
    for other in ("", "hush hush", "x" * 257, "pässword"):
        assert refused(values.secret_word, other) == (
            "Telegram takes 1 to 256 of the characters A-Z a-z 0-9 _ -"
        )


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://h", "http://h"),
        (" https://bots.example:8081/ ", "https://bots.example:8081"),
        ("https://bots.example/path//", "https://bots.example/path"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
    ],
)
def test_an_address_is_taken_without_the_slash_at_its_end(text: str, address: str) -> None:
    assert values.web_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "telegram",
        "ftp://h",
        "xhttp://h",
        "http://",
        "http://:80",
        "http://h/a b",
        "http://a..b",
        "http://.h",
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    assert refused(values.web_address, text) == "no address: write it with http:// or https://"


@pytest.mark.parametrize("text", ["https://me@h", "https://me:word@h", "https://h?x=1", "https://h/#top"])
def test_an_address_holds_no_name_query_or_fragment(text: str) -> None:
    assert refused(values.web_address, text) == ("an address without a name, a query or a fragment is needed")


def test_an_address_has_a_port_that_exists() -> None:
    assert refused(values.web_address, "http://h:0") == "port 0 is none"
    assert "ort" in refused(values.web_address, "http://h:99999")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (" 127.0.0.1 ", "127.0.0.1"),
        ("::1", "::1"),
        ("[::]", "::"),
        ("Bots-1.example_2", "Bots-1.example_2"),
    ],
)
def test_a_host_is_an_address_or_a_name_without_brackets(text: str, host: str) -> None:
    assert values.host_name(text) == host


@pytest.mark.parametrize("text", ["", "[127.0.0.1]", "a b", "http://h", "::x", "h:80", "a..b", "h" * 64])
def test_what_is_no_host_is_told_how_one_is_written(text: str) -> None:
    assert refused(values.host_name, text) == (
        "no host: write an address of this machine, such as 127.0.0.1, 0.0.0.0, ::1 or ::"
    )


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://p:3128", "http://p:3128"),
        (" https://p:1/ ", "https://p:1"),
        ("socks5://me:w%40rd@p:1080", "socks5://me:w%40rd@p:1080"),
        ("socks5h://p:1080", "socks5h://p:1080"),
    ],
)
def test_a_proxy_is_http_or_socks(text: str, address: str) -> None:
    assert values.proxy_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["http://a..b:1", "", "p:3128", "socks4://p:1", "http://", "http://:1", "http://p:0", "http://p:x",
     "http://p/path", "http://p?x=1", "http://p#x", "http://me:wo rd@p", "http://[p"],
)  # fmt: skip
def test_what_is_no_proxy_is_refused_and_its_password_not_repeated(text: str) -> None:
    told = refused(values.proxy_address, text)
    assert told.startswith("no proxy address: write http://, https://, socks5:// or socks5h:// and ")
    assert told.endswith("[user:password@]host:port, with %40 %3A %2F %23 for @ : / # in a password")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        (None, True),
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing listens
        ("bots.example", False),
        ("", False),
    ],
)
def test_a_host_is_this_machines_own_by_its_name_or_its_address(host: str | None, own: bool) -> None:
    assert values.is_loopback(host) is own


def test_a_file_is_read_without_its_mark_and_line_end(tmp_path: Path) -> None:
    (tmp_path / "word").write_bytes(b"\xef\xbb\xbf hush \n")
    (tmp_path / "latin").write_bytes(b"h\xfcsh")
    assert values.file_content("SECRET", tmp_path / "word", str) == "hush"
    for mark in ("utf-16-le", "utf-16-be"):
        content = "\ufeffhush".encode(mark)
        assert refused(values.decode_text, content) == "the file is UTF-16: save it as UTF-8"
    latin, missing = tmp_path / "latin", tmp_path / "missing"
    assert refused(lambda file: values.file_content("SECRET", file, str), latin) == (
        f"SECRET: {latin}: the file is not UTF-8 at byte 1: save it as UTF-8"
    )
    assert refused(lambda file: values.file_content("SECRET", file, str), missing) == (
        f"SECRET: {missing} cannot be read: No such file or directory"
    )


@pytest.mark.parametrize(
    ("read", "given"),
    [
        (values.user_ids, frozenset({7})),
        (values.time_of_day, time(9)),
        (values.duration, timedelta(hours=1)),
        (values.token_text, None),
        (values.secret_word, None),
        (values.web_address, None),
        (values.proxy_address, None),
        (values.host_name, None),
    ],
)
def test_a_value_of_the_right_type_is_passed_on(read: Any, given: Any) -> None:
    assert read(given) is given
    assert values.time_of_day("9:05") == time(9, 5)
