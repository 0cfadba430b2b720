"""Exporters: `export(trained, out) -> Exported` writes the model file or folder."""
