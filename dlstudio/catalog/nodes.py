"""Canvas nodes that are not a single Keras layer."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Param, ParamType, Ports
from dlstudio.i18n import marked as _

NESTED = "dlstudio.Graph"
"""The kind of a whole graph that is used as a layer."""
TRAINING = Param(
    "training",
    "bool",
    optional=True,
    summary=_(
        "Whether the layer runs in training mode (dropout, augmentation) or "
        "inference mode; empty follows the model."
    ),
)


def _more(name: str, type: ParamType, summary: str, default: object = None) -> Param:
    return Param(
        name,
        type,
        default=default,
        optional=default is None,
        minimum=1 if type == "int" else None,
        summary=summary,
        advanced=True,
    )


NAME = _more("name", "text", _("Name of the layer, unique within a model."))
OPAQUE_PARAMS = (
    Param("class_name", "text", required=True, summary=_("Class of the layer.")),
    _more("module", "text", _("Module that contains the class."), default=""),
    _more("registered_name", "text", _("Name under which the class is registered.")),
    Param(
        "config",
        "json",
        required=True,
        summary=_("Configuration that Keras creates the block from."),
        advanced=True,
    ),
    _more(
        "build_config", "json", _("Configuration that Keras builds the weights from.")
    ),
    _more("inputs", "int", _("Number of input tensors."), default=1),
    _more("outputs", "int", _("Number of output tensors."), default=1),
    _more("arguments", "json", _("How the tensors are passed to its call.")),
    _more("weights", "path", _("File with the weights, next to the project.")),
    NAME,
)

NODES = (
    Description(
        kind=NESTED,
        family="nodes",
        implementation="dlstudio.engine.model.build:build_nested",
        category="core",
        summary=_("A model of its own in this project, used as one layer."),
        params=(
            Param(
                "graph",
                "text",
                required=True,
                summary=_("Name of the nested model in this project."),
            ),
            Param(
                "repeat",
                "int",
                default=1,
                minimum=1,
                maximum=200,
                summary=_(
                    "How many copies stand one after the other, each fed by the one "
                    "before."
                ),
            ),
            Param(
                "shared_weights",
                "bool",
                default=False,
                summary=_("Whether all copies have the same weights."),
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
        summary=_("A layer or model from elsewhere that cannot be opened."),
        params=OPAQUE_PARAMS,
        call=(TRAINING,),
        example={
            "class_name": "Identity",
            "module": "keras.layers",
            "config": {"json": {}},
        },
    ),
)
