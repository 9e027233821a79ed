"""Delivery of digests: planner, sender, retry policy, leader election, clock."""
