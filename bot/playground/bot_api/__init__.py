"""A local, strict Bot API server: the demo and the test double in one."""
