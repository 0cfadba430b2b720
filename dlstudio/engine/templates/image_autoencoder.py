"""A convolutional autoencoder whose depth depends on the image size."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.reconstruction_blocks import (
    add_decoder,
    add_encoder,
    latent_units,
    reconstruction_project,
)

LATENT = 32


def make(context: TemplateContext) -> Project:
    """Create a project whose model gives back its input through a short vector."""
    builder = GraphBuilder()
    encoded = add_encoder(builder, context)
    units = latent_units(context, encoded, LATENT)
    builder.add("latent", "Dense", units=units)
    add_decoder(builder, context, encoded)
    return reconstruction_project(context, builder, "MeanSquaredError", "mae")
