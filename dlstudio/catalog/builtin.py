"""dlstudio's own descriptions: one tuple per family, combined here."""

from __future__ import annotations

from dlstudio.catalog.backbones import backbone_description
from dlstudio.catalog.export_formats import FORMATS
from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.heads import HEADS
from dlstudio.catalog.methods import METHODS
from dlstudio.catalog.metrics import METRICS
from dlstudio.catalog.nodes import NODES
from dlstudio.catalog.own_layers import OWN_LAYERS
from dlstudio.catalog.plan import PLAN
from dlstudio.catalog.schedules import SCHEDULES
from dlstudio.catalog.schema import Description
from dlstudio.catalog.sources import SOURCES
from dlstudio.catalog.templates import TEMPLATES

BUILTIN: tuple[Description, ...] = (
    *NODES,
    *OWN_LAYERS,
    backbone_description(),
    PLAN,
    *METRICS,
    *SCHEDULES,
    *SOURCES,
    *FEATURES,
    *HEADS,
    *METHODS,
    *TEMPLATES,
    *FORMATS,
)
