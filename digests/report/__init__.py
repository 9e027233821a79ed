"""A report as data: its model, how it is read and checked, and what it states recomputed."""
