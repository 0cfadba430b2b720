"""What the user made: the project as immutable values, its edits, history and file."""
