"""What several rooms show of runs."""
