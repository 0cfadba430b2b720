"""The Export room."""
