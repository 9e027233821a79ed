"""Administration of a database: backup, restore, copy, inspection."""
