"""Jobs on presets of KerasHub, for the inspector; need Keras."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.edits.nodes import ReplaceNode
from dlstudio.document.graph import Graph, Node
from dlstudio.workers.jobs import JobContext

ENDING = "Backbone"


@dataclass(frozen=True, slots=True)
class PresetRow:
    """A published preset.

    Attributes:
        name: Of the preset.
        network: What KerasHub calls its network, such as "ResNet".
        description: One English sentence.
        parameters: How many it has.
    """

    name: str
    network: str
    description: str
    parameters: int


def list_presets(_context: JobContext) -> tuple[PresetRow, ...]:
    """The published presets that a backbone can take, by network and size.

    Raises:
        UserError: KerasHub is not installed.
    """
    from dlstudio.engine.model.hub_catalog import published_presets

    rows = (
        PresetRow(
            each.name,
            each.network.removesuffix(ENDING),
            each.description,
            each.weights.parameters,
        )
        for each in published_presets().values()
    )
    return tuple(sorted(rows, key=lambda row: (row.network.lower(), row.parameters)))


def take_preset(
    _context: JobContext, graph: Graph, name: str, node: Node, preset: str, folder: Path
) -> CompositeEdit:
    """The edits by which a backbone takes a preset.

    Args:
        graph: Of the node.
        name: Of the graph.
        node: The backbone.
        preset: Name of a published preset, or a folder, relative to the project's.
        folder: Of the project.

    Raises:
        UserError: A backbone cannot take it, or KerasHub is not installed.
    """
    from dlstudio.engine.model.preset_choice import choose_preset

    changed = choose_preset(graph, node, preset, folder)
    return CompositeEdit(tuple(ReplaceNode(each, name) for each in changed))
