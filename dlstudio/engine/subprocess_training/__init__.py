"""Training in a process of its own: whatever happens there, the program lives."""

SWITCH = "--train-child"
"""How a program that is one file is told to be the process that trains."""
