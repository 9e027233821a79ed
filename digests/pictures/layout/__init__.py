"""The layout: a sheet that measures and records its texts, what frames a picture, and its PNG."""
