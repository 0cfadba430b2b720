"""What outlives the rooms: the state of data, training, evaluation and export."""
