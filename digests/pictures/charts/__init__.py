"""Charts: growth, the figures of a subject, the map of designations."""
