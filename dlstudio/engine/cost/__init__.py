"""Multiply-adds and memory of layers and trainings."""
