"""A convolutional variational autoencoder whose depth depends on the image size."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.reconstruction_blocks import (
    add_decoder,
    add_encoder,
    latent_units,
    reconstruction_project,
)

LATENT = 16
METHOD = Spec("dlstudio.methods.variational")


def make(context: TemplateContext) -> Project:
    """Create a project whose model draws the vector between encoder and decoder."""
    builder = GraphBuilder()
    encoded = add_encoder(builder, context)
    units = latent_units(context, encoded, LATENT)
    mean = builder.add("z_mean", "Dense", "encoder_flat", -0.5, units=units)
    variance = builder.add("z_log_var", "Dense", "encoder_flat", 0.5, units=units)
    builder.add("latent", "dlstudio.layers.Sampling", (mean, variance))
    add_decoder(builder, context, encoded)
    return reconstruction_project(context, builder, "BinaryCrossentropy", "mse", METHOD)
