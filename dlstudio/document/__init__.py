"""The project as immutable values: its edits, undo history and file."""
