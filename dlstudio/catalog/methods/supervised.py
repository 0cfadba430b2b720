"""Learning from what is to be predicted."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Implementations
from dlstudio.i18n import marked as _

SUPERVISED = Description(
    kind="dlstudio.methods.supervised",
    family="methods",
    implementation="",
    title=_("Supervised"),
    summary=_("The outputs of the model learn what the data says."),
    implementations=Implementations(
        engine="dlstudio.engine.methods.supervised:SUPERVISED",
    ),
)
