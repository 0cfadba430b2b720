"""Nested models: kinds, creation and expansion. Independent of Qt."""
