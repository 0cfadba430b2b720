"""Nodes of the canvas that are not one Keras layer."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Param, Ports
from dlstudio.i18n import marked as _

NODES = (
    Description(
        kind="dlstudio.Graph",
        family="nodes",
        implementation="dlstudio.engine.build:build_nested",
        category="core",
        summary=_("Another graph of the project, used as one layer."),
        params=(
            Param(
                "graph",
                "text",
                required=True,
                summary=_("Name of the graph in this project."),
            ),
        ),
        inputs=Ports(minimum=1, maximum=None),
        call=(
            Param(
                "training",
                "bool",
                optional=True,
                summary=_(
                    "Whether it works as in training (drops, augments) or as when"
                    " asked; empty follows the model."
                ),
            ),
        ),
    ),
)
