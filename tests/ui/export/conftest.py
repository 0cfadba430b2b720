"""A project with a trained run."""

from digits_world import digit_files, trained_folder, world
from table_world import tables, trained_tables

__all__ = ("digit_files", "tables", "trained_folder", "trained_tables", "world")
