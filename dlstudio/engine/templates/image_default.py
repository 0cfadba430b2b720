"""Which templates fit images, and what they begin with."""

from __future__ import annotations

from collections.abc import Collection

from dlstudio.catalog.backbones import DEFAULT
from dlstudio.document.project import IMAGE_TYPE
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.image_pretrained import (
    PRETRAINED,
    suits_pretrained,
    weights_at_hand,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

CATEGORY = "images"
"""Of the templates for sources of images."""
AUTOENCODER = "dlstudio.templates.image-autoencoder"
FROM_SCRATCH = "dlstudio.templates.image-cnn"


def default_of_images(context: TemplateContext) -> str:
    """The kind of the template that images begin with.

    Args:
        context: Of a source of images.
    """
    if lacks_classes(context):
        return AUTOENCODER
    at_hand = suits_pretrained(context) and weights_at_hand(DEFAULT)
    return PRETRAINED if at_hand else FROM_SCRATCH


def lacks_classes(context: TemplateContext) -> bool:
    """Whether images have too few classes to tell them apart."""
    return context.classes < 2 and not context.has_several_labels


def reason_text(context: TemplateContext) -> str:
    """Why images begin with an autoencoder, and how to classify them instead."""
    why = (
        _("The images have only one class, so the project begins with an autoencoder.")
        if context.classes
        else _("The images have no classes, so the project begins with an autoencoder.")
    )
    how = _(
        "For classification, put the images of each class into a separate subfolder."
    )
    return f"{why} {how}"


def without_classes(name: str, fitting: str) -> UserError:
    """The error for a template that needs classes where there are none.

    Args:
        name: What the template is called.
        fitting: Those that fit.
    """
    return UserError(
        _("The template {name} needs classes, but the images have none.").format(
            name=name
        ),
        _(
            "Put the images of each class into a separate subfolder, or use one "
            "of: {names}."
        ).format(names=fitting),
    )


def takes_column(kinds: Collection[str]) -> bool:
    """Whether one of the columns of a table can be reconstructed.

    Args:
        kinds: Of the features of the inputs.
    """
    return IMAGE_TYPE in kinds


def no_table() -> UserError:
    """The error for a template that is for tables."""
    return UserError(
        _("This template is for tables, but the data has images."),
        _("Choose another template, or open a table."),
    )
