"""Texts that a model writes token by token, by greedy or beam search."""
