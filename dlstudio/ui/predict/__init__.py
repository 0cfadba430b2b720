"""The Predict room."""
