"""State that outlives the rooms: dataset, training, evaluation and export."""
