"""Which templates fit some data, and the one it begins with if nobody names one."""

from __future__ import annotations

from dlstudio.catalog.features.continuous_text import CONTINUOUS_TEXT
from dlstudio.catalog.features.tags import TAGS
from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.image_default import (
    CATEGORY,
    default_of_images,
    takes_column,
    without_classes,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _


def default_template(context: TemplateContext) -> str:
    """The kind of the template that fits the data.

    Args:
        context: What is known of the data.
    """
    if context.table is None:
        return default_of_images(context)
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
    if template.category == CATEGORY and context.table is None:
        raise without_classes(own, names)
    hints = [_("Use one of: {names}.").format(names=names)] if names else []
    needed = str(template.extra.get("column", ""))
    if template.extra.get("target") == TEXT.kind and context.table is not None:
        hints.insert(0, _pair_hint(titled))
    elif needed and context.table is not None and not titled:
        type_hint = _("Or set the type of a column: --feature COLUMN={type}")
        hints.append(type_hint.format(type=needed.rpartition(".")[2]))
    text = _("The template {name} does not fit this data.").format(name=own)
    raise UserError(text, "\n".join(hints))


def _pair_hint(titled: bool) -> str:
    """How a table becomes one of pairs of texts."""
    if titled:
        return _(
            "It needs two columns of texts and no others: give both the type Text, "
            "choose one as the target, and ignore the others."
        )
    return _(
        "It needs two columns of texts and no others, such as with --target german "
        "--feature english=text --feature german=text --feature other=ignore."
    )


def _fits(template: Description, context: TemplateContext) -> bool:
    reconstructs = bool(template.extra.get("reconstructs"))
    if context.table is None:
        labeled = context.classes > 0
        return template.category == CATEGORY and (labeled or reconstructs)
    kinds = {each.feature.kind for each in context.table.inputs}
    if reconstructs:
        return takes_column(kinds)
    needed = template.extra.get("column", "")
    targets = {each.feature.kind for each in context.table.targets}
    wanted = template.extra.get("target", "")
    if targets & {TAGS.kind, TEXT.kind, CONTINUOUS_TEXT.kind} or wanted:
        return targets == {wanted} and kinds == {needed}
    return template.category != CATEGORY and (not needed or needed in kinds)
