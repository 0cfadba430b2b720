"""Convert layers into a nested model, and back."""

from __future__ import annotations

from collections.abc import Callable, Collection

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.document.graph_names import MODEL
from dlstudio.document.groups import GroupTree
from dlstudio.document.project import Project
from dlstudio.document.repetition import Repetition
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.nested_models import creation, expansion, repetition
from dlstudio.ui.model.nested_models.kinds import graph_of

Make = Callable[
    [Project, str, Collection[str], str, creation.NodeReports], creation.NestingEdits
]

DEFAULT_NAME = "block"  # name of a model that was not made from a group


def nest(context: EditContext) -> bool:
    """Replace the selected nodes with one nested model that contains them."""
    return _make(context, creation.nest, _("Create nested model"))


def repeat(context: EditContext) -> bool:
    """Repeat the selected nested model, or make one of the selected nodes."""
    return _make(context, repetition.repeat, _("Repeat"))


def _make(context: EditContext, make: Make, text: str) -> bool:
    ids = set(context.selection.ids)
    tree = GroupTree(context.graph.groups)
    exact = [id for id in tree.groups if set(tree.nodes(id)) == ids]
    name = tree.groups[exact[0]].name if exact else DEFAULT_NAME
    project = context.studio.session.project
    try:
        reports = context.scene.reports.nodes
        made = make(project, context.name, ids, name, reports)
    except UserError as error:
        context.studio.notices.error(error)
        return False
    return _commit(context, made, text)


def unnest(context: EditContext) -> bool:
    """Replace the selected nested model with its layers, a repeated one by copies."""
    id = context.selection.current
    if id is None or not graph_of(context.graph.nodes[id]):
        return False
    last = context.studio.engine.last
    reports = last.nodes if last is not None else {}
    project = context.studio.session.project
    try:
        if Repetition.of(context.graph.nodes[id]):
            made = repetition.expand_repetition(project, context.name, id)
        else:
            made = expansion.unnest(project, context.name, id, reports)
    except UserError as error:
        context.studio.notices.error(error)
        return False
    return _commit(context, made, _("Expand nested model"))


def _commit(context: EditContext, made: creation.NestingEdits, name: str) -> bool:
    if not context.do(made.edits, name):
        return False
    context.selection.set(made.ids)
    return True


def is_backbone(context: EditContext) -> bool:
    """Return whether exactly one pretrained network of the model is selected."""
    ids = context.selection.ids
    return (
        len(ids) == 1
        and context.name == MODEL
        and context.graph.nodes[ids[0]].kind == BACKBONE
    )


def is_nested(context: EditContext) -> bool:
    """Return whether exactly one nested model is selected."""
    ids = context.selection.ids
    return len(ids) == 1 and bool(graph_of(context.graph.nodes[ids[0]]))
