"""Models inside models: their kinds, creation and expansion. No Qt."""
