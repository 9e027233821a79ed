"""What is known, and when it is told. Knows nothing of Telegram."""
