"""A SavedModel without a list of layers, opened as one block that predicts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, OPAQUE, Edge, Graph, Node
from dlstudio.document.graph_names import MODEL
from dlstudio.document.layout import COLUMN, ROW
from dlstudio.document.name_lists import list_names
from dlstudio.document.values import FrozenMap, Value
from dlstudio.engine.file_import.opened_model import OpenedModel, open_model
from dlstudio.engine.model.build import build
from dlstudio.engine.model.opaque import describe_opaque
from dlstudio.engine.model.saved_model_layer import SavedModelLayer
from dlstudio.engine.model.saved_model_program import SavedProgram, open_program
from dlstudio.engine.model_files.model_file import ModelFile
from dlstudio.engine.model_files.saved_model import NoLayerList
from dlstudio.engine.model_files.saved_model_interface import (
    SavedModelInterface,
    saved_model_interface,
)
from dlstudio.engine.model_import.imported_graphs import (
    ImportedGraphs,
    ImportNote,
    OpaqueBlock,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

FOLDER = "saved_models"
"""Of a project, for the SavedModels of its blocks."""
IDENTITY = "keras.layers.Identity"


def open_model_or_block(
    path: Path, catalog: Catalog, weights: Path | None = None
) -> OpenedModel:
    """Like `open_model`; a SavedModel without a list of layers becomes one block.

    Args:
        path: Of the model.
        catalog: Describes layers.
        weights: A file of weights to use in place of the model's own.

    Raises:
        UserError: The file cannot be opened.
    """
    try:
        return open_model(path, catalog, weights)
    except NoLayerList as error:
        if weights is not None:
            raise UserError(
                error.message, _("Import it without --weights; it keeps its own.")
            ) from error
        return open_saved_model_block(path, catalog)


def open_saved_model_block(path: Path, catalog: Catalog) -> OpenedModel:
    """A SavedModel as one block; its program is loaded if it only computes.

    Args:
        path: Folder of the SavedModel.
        catalog: Describes layers.

    Raises:
        UserError: It is damaged, not safe to load, or cannot be called.
    """
    program = open_program(path)
    interface = saved_model_interface(program)
    block = _block(program, interface, _legal(path.name, "saved_model"))
    graph = _graph(block, interface)
    imported = ImportedGraphs(
        FrozenMap({MODEL: graph}),
        path.name,
        opaque=(
            OpaqueBlock(
                MODEL,
                block.id,
                "SavedModel",
                _("The SavedModel has no list of layers."),
            ),
        ),
        notes=tuple(
            ImportNote(MODEL, block.id, text) for text in _notes(program, interface)
        ),
    )
    return OpenedModel(
        ModelFile(path, {}),
        imported,
        build(graph, catalog, graphs=imported.graphs),
        has_weights=True,
        saved_models=FrozenMap({str(block.params["weights"]): path}),
    )


def _block(program: SavedProgram, interface: SavedModelInterface, id: str) -> Node:
    layer = SavedModelLayer(
        interface.signature,
        [each.to_json() for each in interface.takes],
        [each.to_json() for each in interface.gives],
        program.digest,
        _parameters(program, interface),
        name=id,
    )
    params: dict[str, Value] = describe_opaque(layer)
    params["weights"] = f"{FOLDER}/{id}"
    if interface.takes[1:]:
        params["inputs"] = len(interface.takes)
    if interface.gives[1:]:
        params["outputs"] = len(interface.gives)
    return Node(id, OPAQUE, FrozenMap(params), frozen=True)


def _parameters(program: SavedProgram, interface: SavedModelInterface) -> int:
    variables = program.function(interface.signature).variables
    return sum(math.prod(each.shape) for each in variables)


def _graph(block: Node, interface: SavedModelInterface) -> Graph:
    """Inputs, the block, and one end for each result if there are several."""
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []

    def add(name: str, kind: str, params: Mapping[str, Value], row: int) -> str:
        id = _legal(name, kind.rpartition(".")[2].lower())
        while id in nodes or id == block.id:
            id += "_"
        column = sum(each.position[1] == row * ROW for each in nodes.values())
        place = (column * COLUMN, row * ROW)
        nodes[id] = Node(id, kind, FrozenMap(params), place)
        return id

    for port, each in enumerate(interface.takes):
        shape: tuple[Value, ...] = (each.shape or ())[1:]
        id = add(each.name, INPUT, {"shape": shape, "dtype": each.dtype}, -1)
        edges.append(Edge(id, block.id, 0, port))
    nodes[block.id] = block
    if interface.gives[1:]:
        for port, each in enumerate(interface.gives):
            id = add(each.name, IDENTITY, {}, 1)
            edges.append(Edge(block.id, id, port, 0))
    return Graph(FrozenMap(nodes), tuple(edges))


def _notes(program: SavedProgram, interface: SavedModelInterface) -> list[str]:
    count = _parameters(program, interface)
    notes = [
        _(
            "It can be used for predictions, evaluated and exported, but its layers "
            "cannot be viewed or changed."
        ),
        ngettext(
            "Its {count} weight stays as it is; training does not change it.",
            "Its {count} weights stay as they are; training does not change them.",
            count,
        ).format(count=f"{count:,}"),
    ]
    if interface.left_out:
        notes.append(
            _("Results that are texts are not used: {names}.").format(
                names=list_names(interface.left_out)
            )
        )
    return notes


def _legal(name: str, other: str) -> str:
    """A name for a node: letters, digits and "_"."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or other
