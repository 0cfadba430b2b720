"""A number from a text, such as the stars of a review."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.table_blocks import features_of, is_rescaled
from dlstudio.engine.templates.text_blocks import text_project
from dlstudio.engine.templates.text_cnn import add_convolutions
from dlstudio.errors import UserError
from dlstudio.i18n import _


def make(context: TemplateContext) -> Project:
    """Create a project whose model predicts numbers from texts.

    Raises:
        UserError: Something else is to be predicted.
    """
    targets = features_of(context).targets if context.table is not None else ()
    others = [each.name for each in targets if not is_rescaled(each)]
    if others:
        raise UserError(
            _("This template predicts numbers, but “{name}” is not a number.").format(
                name=others[0]
            ),
            _("Choose another template for texts, such as text-cnn."),
        )
    return text_project(context, add_convolutions)
