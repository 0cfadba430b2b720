"""What is known of trainings: curves, runs on disk, and how they are looked at."""
