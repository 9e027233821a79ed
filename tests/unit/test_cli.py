from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.cli.command_line import _COMMANDS

SKELETON_SOURCE = "报告全名\n一、发展历程\n2020年5月10日，第一个试点获批。全省园区超12个。\n"


@pytest.fixture(autouse=True)
def _away_from_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("BOT_TOKEN", "BOT_TOKEN_FILE", "DATABASE_URL", "PACKS_DIR"):
        monkeypatch.delenv(name, raising=False)


def silkline(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_help_answers_without_loading_what_takes_seconds():
    code = (
        "import sys; from click.testing import CliRunner; from bot.cli import cli;"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0;"
        "heavy = {'aiogram', 'sqlalchemy', 'matplotlib', 'pydantic', 'aiohttp', 'yaml'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert time.monotonic() - start < 2  # an idle machine needs 0.1 s


@pytest.mark.parametrize(
    "command",
    [
        ["run"], ["playground"],
        ["pack"], ["pack", "check"], ["pack", "export"], ["pack", "new"], ["pack", "audit"],
        ["pack", "schema"],
        ["preview"], ["publish"], ["subscriptions"], ["subscriptions", "import"], ["subscriptions", "export"],
        ["deliveries"], ["backup"], ["restore"],
    ],
)  # fmt: skip
def test_every_command_explains_itself(command):
    result = silkline(*command, "--help")
    assert result.exit_code == 0
    assert "Usage: cli" in result.output


def test_the_list_of_commands_says_what_each_says_of_itself():
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert _COMMANDS[name][1] == (command.help or "").partition("\n")[0]


def test_an_unknown_command_is_told():
    result = silkline("nonsense")
    assert (result.exit_code, "No such command" in result.stderr) == (2, True)


def test_settings_are_read_from_the_file_that_is_named(tmp_path):
    (tmp_path / "one.env").write_text("\ufeffBROADCAST_RAT=3\n", encoding="utf-8")
    result = silkline("--env-file", tmp_path / "one.env", "run")
    assert result.stderr == (
        f"silkline: BROADCAST_RAT in {tmp_path / 'one.env'} is not a setting: did you mean BROADCAST_RATE?\n"
    )
    assert silkline("--env-file", tmp_path / "none.env", "run").exit_code == 2


@pytest.mark.parametrize("encoding", ["utf-16", "gbk"])
def test_a_file_of_settings_in_another_encoding_is_told(tmp_path, encoding):
    (tmp_path / ".env").write_text("# 设置\nBROADCAST_RATE=3\n", encoding=encoding)
    result = silkline("run")
    assert result.exit_code == 2
    assert "save it as UTF-8" in result.stderr


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "ascii"])
def test_output_to_a_pipe_of_another_encoding_loses_nothing(encoding, tmp_path):
    preview = [sys.executable, "-m", "bot", "preview", "--date", "2026-05-10", "--cadence", "daily"]
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for form in ("text", "json"):
        done = subprocess.run(
            [*preview, "--format", form], capture_output=True, env=environment, cwd=tmp_path, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")
    (entry,) = json.loads(done.stdout.decode(encoding))
    assert "历史" in entry["messages"][0] or entry["messages"]


def test_a_full_output_is_one_plain_line(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "pack", "schema"],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "silkline: output: No space left on device\n")


def test_a_reader_that_has_had_enough_is_no_trouble(tmp_path):
    command = f"{sys.executable} -m bot pack schema | head -c 10"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stderr == ""


def test_run_without_a_token_says_what_is_missing_in_one_line():
    result = silkline("run")
    assert result.exit_code == 2
    assert result.stderr == (
        "silkline: BOT_TOKEN is missing: get one from @BotFather, or try silkline playground\n"
    )


def test_an_unknown_name_in_the_env_file_stops_the_start(tmp_path):
    (tmp_path / ".env").write_text("BROADCAST_RAT=3\n")
    result = silkline("run")
    assert result.exit_code == 2
    assert result.stderr == "silkline: BROADCAST_RAT in .env is not a setting: did you mean BROADCAST_RATE?\n"


def test_a_new_pack_passes_its_own_check(tmp_path):
    assert silkline("pack", "new", tmp_path / "mine").exit_code == 0
    result = silkline("pack", "check", tmp_path / "mine")
    assert result.exit_code == 0
    assert result.output.startswith("mine revision 1: 1 milestones, 1 figures, 0 designations, ")


def test_the_schema_of_a_pack_completes_fields_in_any_of_its_files():
    schema = json.loads(silkline("pack", "schema").output)
    assert "required" not in schema
    assert set(schema["$defs"]["Weight"]["enum"]) == {"headline", "normal", "background"}
    assert {"type": "string"} in schema["$defs"]["Source"]["properties"]["evidence"]["items"]["anyOf"]


def test_coverage_needs_the_document_and_names_what_no_fact_uses(tmp_path):
    silkline("pack", "new", tmp_path / "mine")
    refused = silkline("pack", "check", tmp_path / "mine", "--coverage")
    assert refused.exit_code == 1
    assert "give --source FILE" in refused.stderr
    source = tmp_path / "source.txt"
    source.write_text(SKELETON_SOURCE + "市场尚未开张。\n", encoding="utf-8")
    report = tmp_path / "mine" / "report.yaml"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    report.write_text(report.read_text(encoding="utf-8").replace("0" * 64, digest), encoding="utf-8")
    told = silkline("pack", "check", tmp_path / "mine", "--source", source, "--coverage")
    assert told.exit_code == 0, told.output
    assert "unused in part-1, sentences: 市场尚未开张" in told.output
    assert "numbers: 1 of 1 used (100.0 %), 0 left with a reason (0.0 %)" in told.output


def test_a_new_pack_does_not_overwrite_anything(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("precious")
    result = silkline("pack", "new", tmp_path / "mine")
    assert result.exit_code == 1
    assert result.stderr == f"silkline: {tmp_path / 'mine'} is not empty: name a new folder\n"


def test_a_new_pack_uses_the_units_that_stand_beside_it(tmp_path):
    silkline("pack", "new", tmp_path / "first")
    units = (tmp_path / "first" / "report.yaml").read_text(encoding="utf-8").partition("units:")
    (tmp_path / "units.yaml").write_text("units:" + units[2], encoding="utf-8")
    silkline("pack", "new", tmp_path / "second")
    assert "units:" not in (tmp_path / "second" / "report.yaml").read_text(encoding="utf-8")
    assert silkline("pack", "check", tmp_path / "second").exit_code == 0


def pack_with_source(tmp_path: Path) -> tuple[Path, Path]:
    from hashlib import sha256  # noqa: PLC0415 - only here

    source = tmp_path / "report.txt"
    source.write_text(SKELETON_SOURCE, encoding="utf-8")
    silkline("pack", "new", tmp_path / "mine")
    report = tmp_path / "mine" / "report.yaml"
    digest = sha256(source.read_bytes()).hexdigest()
    report.write_text(report.read_text(encoding="utf-8").replace("0" * 64, digest), encoding="utf-8")
    return tmp_path / "mine", source


def test_with_the_source_the_evidence_is_verified_and_counted(tmp_path):
    pack, source = pack_with_source(tmp_path)
    result = silkline("pack", "check", pack, "--source", source)
    assert result.output == (
        "mine revision 1: 1 milestones, 1 figures, 0 designations, 3 strings of evidence verified\n"
    )


def test_evidence_that_is_not_in_the_source_is_named_by_file_and_line(tmp_path):
    pack, source = pack_with_source(tmp_path)
    metrics = pack / "metrics.yaml"
    metrics.write_text(
        metrics.read_text(encoding="utf-8").replace("[园区超12个]", "[我省园区超12个]"), encoding="utf-8"
    )
    result = silkline("pack", "check", pack, "--source", source)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{metrics}:")
    assert ": evidence: " in result.stdout
    assert result.stderr == "silkline: 1 problem\n"


def test_all_problems_of_a_pack_are_told_at_once(tmp_path):
    silkline("pack", "new", tmp_path / "mine")
    path = tmp_path / "mine" / "milestones.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("approval", "party").replace('"2020-05-10"', '"2020-02-30"'), encoding="utf-8"
    )
    result = silkline("pack", "check", tmp_path / "mine")
    assert result.exit_code == 1
    assert "2020-02-30" in result.stdout
    assert "party" in result.stdout


def test_a_folder_that_is_not_there_is_named():
    result = silkline("pack", "check", "nowhere")
    assert (result.exit_code, result.stderr) == (1, "silkline: nowhere is no folder\n")


def test_a_source_that_is_not_there_is_named(tmp_path):
    silkline("pack", "new", tmp_path / "mine")
    result = silkline("pack", "check", tmp_path / "mine", "--source", "nowhere.txt")
    assert (result.exit_code, result.stderr) == (1, "silkline: nowhere.txt: No such file or directory\n")


def test_an_exported_pack_is_whole_json(tmp_path):
    silkline("pack", "new", tmp_path / "mine")
    exported = json.loads(silkline("pack", "export", tmp_path / "mine").output)
    assert exported["milestones"][0]["date"] == "2020-05-10"
    assert exported["metrics"][0]["observations"][0]["quantity"]["printed"] == "超12个"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_tables_of_a_pack_go_to_standard_output(tmp_path, form):
    silkline("pack", "new", tmp_path / "mine")
    exported = silkline("pack", "export", tmp_path / "mine", "--format", form)
    assert exported.stdout_bytes.startswith(b"PK")


PNG = b"\x89PNG"


def test_the_card_of_one_occasion_goes_to_standard_output():
    card = silkline(
        "preview", "--date", "2026-05-10", "--cadence", "daily", "--format", "png", "--theme", "dark"
    )
    assert card.stdout_bytes.startswith(PNG)


def test_the_cards_of_several_occasions_go_to_files_named_after_them():
    told = silkline(
        "preview",
        "--date",
        "2026-09-01",
        "--cadence",
        "monthly",
        "--days",
        "61",
        "--format",
        "png",
        "--lang",
        "en",
    )
    assert told.output.split() == ["monthly-2026-09-en.png"]  # October has nothing to recall
    assert Path("monthly-2026-09-en.png").read_bytes().startswith(PNG)


def test_an_occasion_without_a_card_says_so():
    refused = silkline("preview", "--date", "2026-10-01", "--cadence", "monthly", "--format", "png")
    assert refused.exit_code == 1
    assert refused.output == "silkline: nothing to recall then: no card is sent\n"
