"""The Telegram client: calls, rate limiter, outcomes, permissions, signed callback data."""
