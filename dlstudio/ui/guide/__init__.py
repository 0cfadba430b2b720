"""The guide's window."""
