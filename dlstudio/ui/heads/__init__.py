"""Sections of evaluation reports: one widget for each."""
