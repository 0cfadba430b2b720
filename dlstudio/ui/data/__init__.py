"""The Data room: what the project learns from, seen, divided and put right."""
