"""Jobs that arrange layers: of the canvas, and of a project that is opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.boxes import NodeBox
from dlstudio.document.drawing.stacked_cards import arrange_stacked
from dlstudio.document.graph import Graph
from dlstudio.document.project import Project
from dlstudio.document.project_file import read_project
from dlstudio.workers.jobs import JobContext

if TYPE_CHECKING:
    from dlstudio.document.canvas.arrangement import Positions

Boxes = Mapping[str, NodeBox]


def arrange_graph(
    _context: JobContext,
    graph: Graph,
    boxes: Boxes,
    only: tuple[str, ...],
    collapsed: Boxes,
) -> Positions:
    """Return node centres in layers from top to bottom; see `arranged_positions`.

    Args:
        graph: The graph to lay out.
        boxes: The cards by node id.
        only: The nodes to lay out; empty for all.
        collapsed: The boxes of collapsed groups by group id.
    """
    from dlstudio.document.canvas.arrangement import arranged_positions

    return arranged_positions(graph, boxes, only, collapsed)


def read_arranged(
    _context: JobContext, folder: Path, catalog: Catalog
) -> tuple[Project, str]:
    """Read a project and the digest of its file.

    Args:
        folder: The project's folder.
        catalog: Describes the layers; those that all lie at one place are arranged.

    Raises:
        UserError: It cannot be read.
    """
    project, digest = read_project(folder)
    return arrange_stacked(project, catalog), digest
