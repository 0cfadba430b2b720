"""A whole project: its data prepared, its checks, its analysis for the window."""
