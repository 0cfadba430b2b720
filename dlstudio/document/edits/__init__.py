"""Edits of a project: each takes a project and returns the next one."""
