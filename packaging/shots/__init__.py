"""What `screenshots.py` shows: the stage, the things on it, and the scenes."""
