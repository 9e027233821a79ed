"""What a digest tells: its items, its figure of the day, and the post that is made of it."""
