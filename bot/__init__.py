"""Silkline's Telegram side: how the bot hears, answers and posts."""
