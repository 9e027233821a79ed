from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from digests.report.skeleton import write_skeleton
from digests.store.connections.url import database_at


@pytest.fixture(autouse=True)
def _an_instance(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_skeleton(tmp_path / "packs" / "mine")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("PACKS_DIR", str(tmp_path / "packs"))
    monkeypatch.setenv("DEFAULT_CADENCE", "daily")


def silkline(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def name(database_url: str) -> str:
    """How people are told a database."""
    return database_at(database_url).name


def test_a_preview_shows_what_the_day_recalls():
    result = silkline("preview", "--date", "2026-05-10", "--cadence", "daily", "--lang", "en")
    assert result.exit_code == 0
    assert result.output.startswith("[daily:2026-05-10]\n")
    assert "The event’s title" in result.output
    assert "<b>" not in result.output


def test_a_preview_in_html_is_what_telegram_gets():
    result = silkline("preview", "--date", "2026-05-10", "--lang", "zh", "--format", "html")
    assert "<b>" in result.output
    assert "事件标题" in result.output


def test_a_preview_of_an_empty_month_says_that_no_message_is_sent():
    result = silkline("preview", "--date", "2026-10-01", "--cadence", "monthly")
    assert result.output == "[monthly:2026-10] nothing to recall: no message is sent\n\n"


def test_a_preview_of_a_year_has_every_day():
    result = silkline("preview", "--date", "2026-01-01", "--days", 365, "--format", "json")
    posts = json.loads(result.output)
    assert [post["occasion"] for post in posts if "first-event" in post["facts"]] == ["daily:2026-05-10"]
    assert len(posts) == 365


def test_a_preview_leaves_no_trace(tmp_path):
    before = sorted(tmp_path.iterdir())
    silkline("preview", "--date", "2026-05-10")
    assert sorted(tmp_path.iterdir()) == before


def test_a_preview_in_the_rich_layout_is_what_a_rich_chat_gets():
    options = ("--date", "2026-05-10", "--cadence", "daily", "--lang", "en", "--layout", "rich")
    html = silkline("preview", *options, "--format", "html").output
    assert "<h1>On this day" in html
    assert '<tg-reference name="note-1">' in html
    text = silkline("preview", *options).output
    assert "The event’s title" in text
    assert "<" not in text


def test_subscriptions_that_went_out_come_back_the_same(tmp_path, database_url):
    lines = [
        {
            "chat_id": -1001, "thread_id": 5,
            "cadence": "weekly", "at": "08:30", "timezone": "Europe/Berlin", "weekday": 4,
        },
        {"chat_id": 7, "language": "en", "silent": True, "state": "unsubscribed"},
    ]  # fmt: skip
    source, first, second = tmp_path / "in.jsonl", tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert silkline("subscriptions", "import", source).output == "2 imported\n"
    silkline("subscriptions", "export", first)
    silkline("subscriptions", "import", first)
    assert silkline("subscriptions", "export", second).output == f"2 exported from {name(database_url)}\n"
    assert first.read_text() == second.read_text()
    exported = {line["chat_id"]: line for line in map(json.loads, first.read_text().splitlines())}
    assert lines[0].items() <= exported[-1001].items()
    assert (exported[7]["state"], exported[7]["cadence"], exported[7]["at"]) == (
        "unsubscribed",
        "daily",
        "09:00",
    )


TOO_LARGE = '{"chat_id": 99999999999999999999}'


def test_a_bad_line_is_named_and_the_rest_is_imported(tmp_path):
    source = tmp_path / "in.jsonl"
    lines = ('{"chat_id": 7}', "nonsense", "", '{"chat_id": 8, "at": "25:00"}', '{"chat_id": 9}', TOO_LARGE)
    source.write_text("\n".join(lines))
    result = silkline("subscriptions", "import", source)
    assert result.exit_code == 1
    assert result.stdout == "2 imported\n"
    problems = result.stderr.splitlines()
    assert problems[0].startswith(f"{source}:2: ")
    assert problems[1].startswith(f"{source}:4: ")
    assert problems[2].startswith(f"{source}:6: chat_id: ")
    assert problems[3] == "silkline: 3 of 5 lines were not imported"


@pytest.mark.parametrize("line", [b'{"chat_id": 5}\n', b'{"chat_id": 5}\r\n{"chat_id": 6}\r\n'])
def test_an_import_from_a_windows_editor_is_read(tmp_path, line):
    (tmp_path / "in.jsonl").write_bytes(b"\xef\xbb\xbf" + line)
    result = silkline("subscriptions", "import", tmp_path / "in.jsonl")
    assert (result.exit_code, result.stderr) == (0, "")


def test_an_import_in_utf_16_is_told_in_one_line(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"chat_id": 5}\n', encoding="utf-16")
    result = silkline("subscriptions", "import", tmp_path / "in.jsonl")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "is UTF-16: save it as UTF-8; nothing was imported" in result.stderr


def test_an_export_refuses_the_database_that_it_reads(tmp_path, sqlite_url, database_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    before = database_path.read_bytes()
    (tmp_path / "link").symlink_to(database_path)
    for target in (database_path, tmp_path / "link", f"{database_path}-wal"):
        result = silkline("subscriptions", "export", target)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert "belongs to the database that is read" in result.stderr
    assert database_path.read_bytes() == before


def test_an_export_that_cannot_be_written_is_one_line_and_leaves_what_was_there(tmp_path):
    for target in ("no/such/folder/out", "/dev/full"):
        silkline("subscriptions", "import", _subscriptions(tmp_path))
        result = silkline("subscriptions", "export", target)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1), result.output
        assert result.stderr.startswith(f"silkline: {target}: ")
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def _subscriptions(folder: Path) -> Path:
    file = folder / "some.jsonl"
    file.write_text("".join(f'{{"chat_id": {number}}}\n' for number in range(1, 200)))
    return file


def test_publishing_queues_once_for_each_subscriber_and_says_so(tmp_path, database_url):
    source = tmp_path / "in.jsonl"
    source.write_text('{"chat_id": 7}\n{"chat_id": 8}\n')
    silkline("subscriptions", "import", source)
    publish = ["publish", "--date", "2026-05-10", "--cadence", "daily"]
    which = name(database_url)
    assert silkline(*publish).output == f"{which}: daily:2026-05-10: 2 queued, 0 had it\n"
    assert silkline(*publish).output == f"{which}: daily:2026-05-10: 0 queued, 2 had it\n"
    shown = silkline("deliveries").output.splitlines()
    assert shown[:2] == [f"{which}:", "2 pending"]
    assert all("pending daily:2026-05-10 -> " in line for line in shown[2:])
    acts = silkline("db", "acts").output.splitlines()
    assert [line.partition("Z ")[2] for line in acts] == [
        "command line: publish daily:2026-05-10: 0 queued",
        "command line: publish daily:2026-05-10: 2 queued",
    ]


def test_a_backup_restores_what_was_there_and_tells_nothing_old(tmp_path, sqlite_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    source, copy, out = tmp_path / "in.jsonl", tmp_path / "copy.db", tmp_path / "out.jsonl"
    source.write_text('{"chat_id": 7}\n')
    silkline("subscriptions", "import", source)
    silkline("publish", "--date", "2026-05-10", "--cadence", "daily")
    assert silkline("backup", copy).exit_code == 0
    source.write_text('{"chat_id": 8}\n')
    silkline("subscriptions", "import", source)
    result = silkline("restore", copy)
    said = f"{name(sqlite_url)}: restored from {copy}; 1 deliveries that were due before now are skipped\n"
    assert result.output == said
    silkline("subscriptions", "export", out)
    assert [json.loads(line)["chat_id"] for line in out.read_text().splitlines()] == [7]
    assert silkline("deliveries").output.splitlines()[1] == "1 skipped"


def test_a_copy_of_a_server_is_refused_with_the_tool_that_makes_one(tmp_path, postgresql_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", postgresql_url)
    for command in ("backup", "restore"):
        result = silkline(command, tmp_path / "copy.db")
        assert result.exit_code == 1
        assert result.stderr == "silkline: this is for SQLite; for PostgreSQL use pg_dump and pg_restore\n"


def test_what_is_no_backup_is_refused_in_one_line(tmp_path, sqlite_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    (tmp_path / "copy.db").write_text("not a database, although it is long enough to look at" * 50)
    result = silkline("restore", tmp_path / "copy.db")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_retrying_what_already_arrived_is_refused():
    result = silkline("deliveries", "--state", "sent", "--retry")
    assert result.exit_code == 1
    assert "is not retried" in result.stderr
    assert silkline("deliveries", "--retry").output.endswith(": 0 queued again\n")


def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path, monkeypatch):
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100)
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'letter.db'}")
    result = silkline("deliveries")
    assert result.exit_code == 1
    assert result.stderr == f"silkline: DATABASE_URL: {tmp_path / 'letter.db'}: file is not a database\n"


def test_a_database_that_is_not_supported_names_the_variable(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://root@localhost/x")
    result = silkline("deliveries")
    assert result.exit_code == 2
    assert result.stderr.startswith("silkline: DATABASE_URL: ")
