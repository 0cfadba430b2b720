"""Nodes of the canvas that are not one Keras layer."""

from __future__ import annotations

from typing import Any

from dlstudio.catalog.schema import Description, Param, ParamType, Ports
from dlstudio.i18n import marked as _

TRAINING = Param(
    "training",
    "bool",
    optional=True,
    summary=_(
        "Whether it works as in training (drops, augments) or as when asked; empty"
        " follows the model."
    ),
)


def _more(name: str, type: ParamType, summary: str, default: Any = None) -> Param:
    return Param(
        name,
        type,
        default=default,
        optional=default is None,
        minimum=1 if type == "int" else None,
        summary=summary,
        advanced=True,
    )


OPAQUE_PARAMS = (
    Param("class_name", "text", required=True, summary=_("Its class.")),
    _more("module", "text", _("Where the class lies."), default=""),
    _more(
        "registered_name", "text", _("The name that the class was registered under.")
    ),
    Param(
        "config",
        "json",
        required=True,
        summary=_("What Keras makes it from."),
        advanced=True,
    ),
    _more("build_config", "json", _("What Keras builds its weights from.")),
    _more("inputs", "int", _("How many tensors go in."), default=1),
    _more("outputs", "int", _("How many tensors come out."), default=1),
    _more("arguments", "json", _("How the tensors go into its call.")),
    _more("weights", "path", _("The file of its weights, beside the project.")),
    _more("name", "text", _("Its name; in a model each name is used once.")),
)

NODES = (
    Description(
        kind="dlstudio.Graph",
        family="nodes",
        implementation="dlstudio.engine.model.build:build_nested",
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
        call=(TRAINING,),
    ),
    Description(
        kind="dlstudio.Opaque",
        family="nodes",
        implementation="dlstudio.engine.model.opaque:open_opaque",
        category="core",
        summary=_("A layer or model from elsewhere that cannot be opened up."),
        params=OPAQUE_PARAMS,
        call=(TRAINING,),
        example={
            "class_name": "Identity",
            "module": "keras.layers",
            "config": {"json": {}},
        },
    ),
)
