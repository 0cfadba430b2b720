"""The template that data begins with if nobody names one."""

from __future__ import annotations

from dlstudio.engine.templates.context import TemplateContext


def default_template(context: TemplateContext) -> str:
    """The kind of the template that fits the data.

    Args:
        context: What is known of the data.
    """
    if context.table is None:
        return "dlstudio.templates.image-cnn"
    if any(each.image is not None for each in context.table.inputs):
        return "dlstudio.templates.image-and-table"
    return "dlstudio.templates.table-mlp"
