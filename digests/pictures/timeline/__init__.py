"""The timeline: a unit chart of milestones by time and kind, and a list of what they were."""
