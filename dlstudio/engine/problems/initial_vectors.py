"""Checks the word vectors that Embedding layers begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dlstudio.document.edits.project import SetWordVectors
from dlstudio.document.graph import Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.vectors_reference import VectorsReference
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.engine.words.vectors_check import changed_reference, check_reference
from dlstudio.errors import UserError
from dlstudio.i18n import _


def initial_vectors(context: CheckContext) -> Iterator[Problem]:
    """A file that is missing or was changed, or whose vectors have another size."""
    if not context.main:
        return
    folder = context.files.folder if context.files else None
    for id, reference in context.project.word_vectors.items():
        node = context.graph.nodes.get(id)
        if node is None or not is_kind(node, "Embedding"):
            continue
        if folder is None and not Path(reference.path).is_absolute():
            continue  # the project has not been saved
        yield from _problems(context, node, reference, folder or Path())


def _problems(
    context: CheckContext, node: Node, reference: VectorsReference, folder: Path
) -> Iterator[Problem]:
    label = _("Remove the word vectors of {node}").format(node=node.name)
    removal = Fix(label, (SetWordVectors(node.id, None),))
    try:
        size = check_reference(reference, folder)
    except UserError as error:
        fixes, changed = [removal], changed_reference(reference, folder)
        if changed is not None:
            label = _("Use {path} as it is now").format(path=Path(changed.path).name)
            fixes = [Fix(label, (SetWordVectors(node.id, changed),)), removal]
        yield context.problem("error", "word-vectors-file", str(error), node.id, fixes)
        return
    units = context.param(node, "output_dim")
    if units == size:
        return
    text = _(
        "The word vectors of {node} have size {size}, but its output_dim is {units}."
    ).format(node=node.name, size=size, units=units)
    label = _("Set output_dim of {name} to {size}").format(name=node.name, size=size)
    fix = Fix.set_param(label, node, "output_dim", size, context.name)
    yield context.problem("error", "word-vectors-size", text, node.id, [fix, removal])


INITIAL_VECTORS = (initial_vectors,)
