"""deploy/README.md: each command runs somewhere, or says why it does not; both languages agree."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from bot.cli import cli
from bot.settings import Settings, load_settings
from tests.deploy.page import DEPLOY, PAGES, Block, blocks, commands

SETTINGS = {name.upper() for name in Settings.model_fields}

#: Who runs the blocks that are run: each is asked for by a test.
RUNNERS = {
    "systemd-install", "systemd-start", "systemd-command", "systemd-upgrade", "systemd-restore",
    "kubernetes-site", "proxy-setting",
}  # fmt: skip


#: Files beside the compose files.
SECRETS = ("bot_token", "database_password", "database_url", "webhook_secret")


def test_each_block_is_run_or_says_why_not() -> None:
    for block in blocks():
        assert block.runs or len(block.reason or "") > 10, block.text
    assert sorted(block.runs for block in blocks() if block.runs) == sorted(RUNNERS)
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert all(f'commands("{runner}")' in tests for runner in RUNNERS)


def test_both_languages_have_the_same_commands() -> None:
    english, chinese = (blocks(page) for page in PAGES)
    assert [shown(block) for block in chinese] == [shown(block) for block in english]


def shown(block: Block) -> tuple[str, str, list[str]]:
    """A block without its comments, which are in the page's language."""
    lines = [re.sub(r"(^|\s+)#.*$", "", line).rstrip() for line in block.text.splitlines()]
    return block.runs or "not run", block.language, [line for line in lines if line]


def typed(text: str) -> list[list[str]]:
    """Every command line of ours in a piece of shell: the words behind `silkline` or `silkline-admin`."""
    found = []
    for line in text.splitlines():
        inside = re.search(r"-c '(silkline [^']+)'", line)
        parts = shlex.split(inside[1] if inside else line, comments=True)
        for word in ("silkline-admin", "silkline"):
            if word in parts and (inside or word == "silkline-admin" or _runs_it(parts)):
                found.append(parts[len(parts) - parts[::-1].index(word) :])
                break
    return found


def _runs_it(parts: list[str]) -> bool:
    """Whether `silkline` is the program or Compose's service, not a name in another sense."""
    behind = parts[len(parts) - parts[::-1].index("silkline") :]
    return bool({"run", "exec"} & set(parts)) and bool(behind) and behind[0] != "-c"


def test_each_command_of_ours_exists_with_these_options() -> None:
    lines = [words for block in blocks() if block.language == "sh" for words in typed(block.text)]
    assert len(lines) > 10
    for words in lines:
        parses(words)


def parses(words: list[str]) -> None:
    """Fails when click does not know a command, an option or a value."""
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group):
        name, *words = words
        chosen = command.get_command(context, name)
        assert chosen is not None, f"no command {name}"
        command = chosen
    command.make_context(command.name, list(words), resilient_parsing=False)


@pytest.mark.parametrize("page", PAGES)
def test_each_setting_that_the_page_gives_a_value_exists(page: str) -> None:
    text = (DEPLOY / page).read_text(encoding="utf-8")
    given = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)=", text))
    others = {"BASE_IMAGE", "PIP_NO_INDEX"}  # of the build
    assert given - others - {"PGPASSWORD"} <= SETTINGS
    assert "TELEGRAM_PROXY" in given


def test_the_proxy_of_the_page_is_a_setting() -> None:
    name, value = commands("proxy-setting").strip().split("=")
    assert value.startswith("socks5h://")
    settings = load_settings(None, **{name.lower(): value})
    assert settings.telegram_proxy is not None
    assert settings.telegram_proxy.get_secret_value() == value


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_the_commands_of_the_page_change_everything_that_is_an_example(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns("bot_token"))
    for overlay, kinds in (("base", {"Deployment", "CronJob"}), ("postgres", {"Deployment", "Ingress"})):
        built = kustomized(tmp_path / "deploy", overlay)
        assert "example.org" in built
        assert kinds <= {document["kind"] for document in yaml.safe_load_all(built)}
    subprocess.run(["sh", "-e", "-c", commands("kubernetes-site")], cwd=tmp_path, check=True, env=os.environ)
    for overlay in ("base", "postgres"):
        built = kustomized(tmp_path / "deploy", overlay)
        assert "example" not in built
        assert "replaced.by" not in built
        assert "image: registry.mine.net/silkline:1.2.3" in built
    hosts = re.findall(r"[a-z]+\.mine\.net(?!/)", built)
    assert hosts == ["bot.mine.net"] * 4  # the map, the webhook, the ingress' rule and its certificate


@pytest.mark.parametrize("page", PAGES)
def test_each_example_and_secret_of_the_manifests_is_named(page: str) -> None:
    text = (DEPLOY / page).read_text(encoding="utf-8")
    manifests = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.glob("kubernetes/*/*.yaml"))
    for example in set(re.findall(r"[a-z]+\.example\.org(?:/\w+)?", manifests)):
        assert example in text
    secrets = set(re.findall(r"secretName: ([\w-]+)", manifests)) | set(
        re.findall(r"key: ([\w-]+)", manifests)
    )
    assert {"silkline", "silkline-tls", "token", "database-url", "webhook-secret"} <= secrets
    for secret in secrets:
        assert f"`{secret}`" in text or f"={secret}" in text, secret


def kustomized(deploy: Path, overlay: str) -> str:
    folder = str(deploy / "kubernetes" / overlay)
    return subprocess.run(["kubectl", "kustomize", folder], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    "name", ["bot_token", "database_password", "database_url", "webhook_secret", ".env", "settings.env"]
)
def test_git_and_the_images_build_leave_secrets_alone(name: str) -> None:
    root = DEPLOY.parent
    ignored = subprocess.run(["git", "check-ignore", "-q", f"deploy/{name}"], cwd=root, check=False)
    if ignored.returncode == 128:
        pytest.skip("this is no checkout of git")
    assert ignored.returncode == 0
    lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "deploy/*" in lines
    assert f"!deploy/{name}" not in lines


def test_the_changelog_names_the_schema_that_a_version_brings() -> None:
    """Whoever rolls back reads there whether the old version knows the database as it is."""
    changelog = (DEPLOY.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    steps = DEPLOY.parent / "digests" / "store" / "schema" / "migrations" / "versions"
    newest = max(path.name[:4] for path in steps.glob("[0-9]*.py"))
    named = re.findall(r"[Dd]atabase schema: (\d{4})", changelog)
    assert max(named) == newest, f"write 'Database schema: {newest}' into the notes of what is unreleased"
