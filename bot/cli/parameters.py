"""What the commands of the command line have in common: parameters, settings, output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from bot.settings import ENV_FILE, Settings, load_settings

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
CADENCE = click.Choice(["daily", "weekly", "monthly"])

#: A date such as 2026-05-10; the command gets a datetime.
DAY = click.DateTime(["%Y-%m-%d"])


def command_settings() -> Settings:
    """The settings, with those of the file that ``silkline --env-file`` names.

    Raises:
        SettingsError: one is malformed.
    """
    context = click.get_current_context(silent=True)
    env_file = context.find_root().params.get("env_file") if context else None
    return load_settings(env_file or ENV_FILE)


def echo_json(value: Any) -> None:
    """Print JSON; where the output cannot take every character, in ASCII."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    is_unicode = encoding.lower().replace("-", "").startswith("utf")
    click.echo(json.dumps(value, ensure_ascii=not is_unicode, indent=2))
