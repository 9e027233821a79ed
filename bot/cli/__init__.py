"""The command line `silkline`: one module for each group of commands."""

from __future__ import annotations

from bot.cli.command_line import cli, main

__all__ = ["cli", "main"]
