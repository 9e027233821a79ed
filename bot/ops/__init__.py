"""Operations: health, metrics, logs, shutdown, background tasks."""
