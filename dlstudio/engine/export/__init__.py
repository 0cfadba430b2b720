"""Verified exports: formats, verification, the model card, publishing."""
