"""Database connections of SQLite and PostgreSQL, and change notifications."""
