"""Updates in: none lost, none fatal."""
