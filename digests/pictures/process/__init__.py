"""The process that draws: its client in the bot, and the worker."""
