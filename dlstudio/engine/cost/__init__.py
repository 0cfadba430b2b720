"""What layers and trainings cost: multiply-adds and memory."""
