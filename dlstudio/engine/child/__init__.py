"""Training in a process of its own: whatever happens there, the program lives."""
