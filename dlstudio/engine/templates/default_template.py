"""Which templates fit some data, and the one it begins with if nobody names one."""

from __future__ import annotations

from dlstudio.catalog.features.tags import TAGS
from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.project import IMAGE_TYPE
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.errors import UserError
from dlstudio.i18n import _

AUTOENCODER = "dlstudio.templates.image-autoencoder"


def default_template(context: TemplateContext) -> str:
    """The kind of the template that fits the data.

    Args:
        context: What is known of the data.
    """
    if context.table is None and lacks_classes(context):
        return AUTOENCODER
    if context.table is None:
        return "dlstudio.templates.image-cnn"
    if any(each.feature.kind == TAGS.kind for each in context.table.targets):
        return "dlstudio.templates.tag-bilstm"
    if any(each.feature.kind == TEXT.kind for each in context.table.targets):
        return "dlstudio.templates.translate-transformer"
    branches = [each.branch for each in context.table.inputs]
    alone = {each.alone for each in branches}
    if len(alone) == 1 and alone != {""}:
        return alone.pop()
    wanted = (each.template for each in branches)
    return next(filter(None, wanted), "dlstudio.templates.table-mlp")


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


def fitting_templates(context: TemplateContext, catalog: Catalog) -> tuple[str, ...]:
    """Names of the templates that fit the data.

    Args:
        context: What is known of the data.
        catalog: Describes the templates.
    """
    return tuple(
        each.name
        for each in catalog.family("templates")
        if each.extra.get("needs_data") and _fits(each, context)
    )


def check_fitting(
    template: Description,
    context: TemplateContext,
    catalog: Catalog,
    *,
    titled: bool = False,
) -> None:
    """Check that a template fits the data.

    Args:
        template: The one that the user named.
        context: What is known of the data.
        catalog: Describes the templates.
        titled: Whether templates are called by their titles instead of their names.

    Raises:
        UserError: It is for other data.
    """
    if not template.extra.get("needs_data") or _fits(template, context):
        return
    fitting = fitting_templates(context, catalog)
    own, names = template.name, ", ".join(fitting)
    if titled:
        named = (_(catalog.find("templates", each).title) for each in fitting)
        own = _(template.title)
        names = _(", ").join(_("“{name}”").format(name=each) for each in named)
    if template.category == "images" and context.table is None:
        raise UserError(
            _("The template {name} needs classes, but the images have none.").format(
                name=own
            ),
            _(
                "Put the images of each class into a separate subfolder, or use one "
                "of: {names}."
            ).format(names=names),
        )
    raise UserError(
        _("The template {name} does not fit this data.").format(name=own),
        _("Use one of: {names}.").format(names=names),
    )


def _fits(template: Description, context: TemplateContext) -> bool:
    reconstructs = bool(template.extra.get("reconstructs"))
    if context.table is None:
        labeled = context.classes > 0
        return template.category == "images" and (labeled or reconstructs)
    kinds = {each.feature.kind for each in context.table.inputs}
    if reconstructs:
        return IMAGE_TYPE in kinds
    needed = template.extra.get("column", "")
    targets = {each.feature.kind for each in context.table.targets}
    wanted = template.extra.get("target", "")
    if targets & {TAGS.kind, TEXT.kind} or wanted:
        return targets == {wanted} and kinds == {needed}
    return template.category != "images" and (not needed or needed in kinds)
