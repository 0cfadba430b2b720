"""Whether a model fits in memory, from its graphs alone."""

from __future__ import annotations

import psutil

from dlstudio.byte_size import size_text
from dlstudio.catalog.store import Catalog
from dlstudio.engine.model_import.imported_graphs import ImportedGraphs
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.engine.shapes.nested_shapes import total
from dlstudio.errors import UserError
from dlstudio.i18n import _

COPIES = 3
"""The original, the model built from its graphs, and what is read and written."""
BYTES = 4


def check_memory(imported: ImportedGraphs, catalog: Catalog) -> None:
    """Check that a model and its copies fit in the free memory, before it is made.

    A file of a few hundred bytes can describe a model of any size.

    Args:
        imported: Graphs of the model.
        catalog: Describes layers.

    Raises:
        UserError: It does not fit.
    """
    shapes = ShapeInference().infer(
        imported.model, catalog, imported.graphs, imported.precision
    )
    needed = COPIES * BYTES * total(shapes).params
    free = psutil.virtual_memory().available
    if needed > free:
        raise UserError(
            _("The model needs {needed} of memory, but only {free} are free.").format(
                needed=size_text(needed), free=size_text(free)
            ),
            _("Close other programs, or use a computer with more memory."),
        )
