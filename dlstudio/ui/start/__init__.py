"""The Start room."""
