"""What a run has learned, why no more, and what to try next. Needs no TensorFlow."""
