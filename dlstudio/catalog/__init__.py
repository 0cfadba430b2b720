"""Descriptions as pure data: layers, losses, data sources, templates and formats."""
