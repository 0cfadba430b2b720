"""What Keras does: build, check, train, evaluate, predict, export, and run records."""
