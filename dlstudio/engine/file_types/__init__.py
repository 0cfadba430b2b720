"""Files that the file manager opens with the window: registered for the user."""
