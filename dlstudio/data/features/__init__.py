"""Feature types: how values of a kind are recognized, read, described and encoded."""
