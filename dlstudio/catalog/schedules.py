"""Learning-rate schedules of a plan; the base rate is the optimizer's."""

from __future__ import annotations

from dlstudio.catalog.schema import Description, Param
from dlstudio.i18n import marked as _


def _schedule(name: str, summary: str, *params: Param) -> Description:
    return Description(
        kind=f"dlstudio.schedules.{name}",
        family="schedules",
        implementation=f"dlstudio.engine.training.schedules:{name}",
        summary=summary,
        params=params,
    )


_WARMUP = Param(
    "warmup_epochs",
    "float",
    default=0.0,
    minimum=0,
    summary=_("Epochs in which the learning rate rises from zero."),
)

SCHEDULES = (
    _schedule("Constant", _("Constant learning rate."), _WARMUP),
    _schedule(
        "Step",
        _("Multiplies the learning rate by a factor at regular intervals of epochs."),
        Param("every_epochs", "int", default=10, minimum=1),
        Param("factor", "float", default=0.5, minimum=0, maximum=1, open_minimum=True),
    ),
    _schedule(
        "Exponential",
        _("Multiplies the learning rate by a factor each epoch, smoothly."),
        Param("factor", "float", default=0.9, minimum=0, maximum=1, open_minimum=True),
    ),
    _schedule(
        "Cosine",
        _("Falls along half a cosine to a fraction of the base rate."),
        _WARMUP,
        Param("final", "float", default=0.0, minimum=0, maximum=1),
    ),
    _schedule(
        "OneCycle",
        _("Rises to the base rate, then falls far below it (Smith, 2018)."),
        Param("start", "float", default=0.04, minimum=0, maximum=1),
        Param("final", "float", default=0.0001, minimum=0, maximum=1),
        Param("rise", "float", default=0.3, minimum=0, maximum=1),
    ),
    _schedule(
        "OnPlateau",
        _("Multiplies the learning rate by a factor when a metric stops improving."),
        Param(
            "monitor", "monitor", default="val_loss", summary=_("Metric to monitor.")
        ),
        Param("factor", "float", default=0.5, minimum=0, maximum=1, open_minimum=True),
        Param("patience", "int", default=3, minimum=1),
        Param("minimum", "float", default=0.0, minimum=0),
    ),
)
