"""Feature types in the window: how values are shown, described and edited."""
