"""What exists: layers, losses, data sources, templates, formats, as pure data."""
