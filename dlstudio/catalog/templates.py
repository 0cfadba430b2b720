"""Templates: a project to begin with."""

from __future__ import annotations

from dlstudio.catalog.schema import Description
from dlstudio.i18n import marked as _


def _template(name: str, title: str, summary: str, needs_data: bool) -> Description:
    module = name.replace("-", "_")
    return Description(
        kind=f"dlstudio.templates.{name}",
        family="templates",
        implementation=f"dlstudio.engine.templates.{module}:make",
        category="images",
        summary=summary,
        extra={"needs_data": needs_data, "title": title},
    )


TEMPLATES = (
    _template(
        "digits-cnn",
        _("Handwritten digits"),
        _("A small convolutional network on handwritten digits; the sample."),
        needs_data=False,
    ),
    _template(
        "image-cnn",
        _("Convolutional network"),
        _("Convolutions and pooling for your own pictures, sized to them."),
        needs_data=True,
    ),
    _template(
        "image-mlp",
        _("Dense layers"),
        _("Dense layers on the pixels: the simplest model, to compare with."),
        needs_data=True,
    ),
    _template(
        "image-resnet",
        _("Residual network"),
        _("A small residual network; good on pictures of 32×32 and more."),
        needs_data=True,
    ),
)
