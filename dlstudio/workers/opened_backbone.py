"""Opening a backbone into its layers, for the inspector; needs Keras."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.project import Project
from dlstudio.workers.jobs import JobContext


def open_into_layers(
    _context: JobContext, catalog: Catalog, project: Project, id: str, folder: Path
) -> CompositeEdit:
    """The edits that replace a backbone by its layers, whose weights are written.

    Args:
        catalog: Describes layers.
        project: The project.
        id: Of the backbone's node.
        folder: Of the project.

    Raises:
        UserError: It cannot be built, or its weights are not at hand.
    """
    from dlstudio.engine.model_import.opened_backbone import open_backbone

    return open_backbone(project, id, folder, catalog)
