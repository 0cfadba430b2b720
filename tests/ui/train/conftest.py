"""A project with a trained run."""

from digits_world import digit_files, trained_folder, world

__all__ = ("digit_files", "trained_folder", "world")
