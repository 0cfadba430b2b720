"""What a project's training method asks of it, known from the catalog alone."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project


def trains_layers(project: Project, catalog: Catalog) -> bool:
    """Whether the training method trains the layers of the project's model.

    Word vectors, for one, are learned from texts alone.

    Args:
        project: Its plan names the method.
        catalog: Describes the methods.
    """
    described = catalog.search("methods", project.plan.method.kind)
    return described is None or bool(described.extra.get("graph", True))
