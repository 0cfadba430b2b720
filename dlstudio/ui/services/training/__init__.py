"""State of trainings: curves, runs on disk, and their view state."""
