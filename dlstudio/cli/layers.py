"""`layers`: list the available layers, and list or change those of a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.layer_listing import GraphOption, list_layers
from dlstudio.cli.options import JsonOption, ProjectArgument, whole_number
from dlstudio.cli.output import Output
from dlstudio.document.graph_names import MODEL
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.graph import Graph, Node
    from dlstudio.document.project import Project

LayersArgument = Annotated[
    list[str], typer.Argument(metavar="LAYER...", help=mark("Layers to remove."))
]
LayerArgument = Annotated[
    str, typer.Argument(metavar="LAYER", help=mark("Name of the layer."))
]
KindArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND", help=mark("One of the layers listed by “dlstudio layers”.")
    ),
]
SettingsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="key=value",
        help=mark("Parameter, such as units=10; can be repeated."),
    ),
]


def add_layer(
    project: ProjectArgument,
    kind: KindArgument,
    after: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LAYER",
            help=mark(
                "Layer to connect as its input; can be repeated for several "
                "inputs. Default: the last layer of the model."
            ),
        ),
    ] = None,
    before: Annotated[
        str,
        typer.Option(
            metavar="LAYER", help=mark("Connect its output only to this layer.")
        ),
    ] = "",
    branch: Annotated[
        bool,
        typer.Option(
            "--branch",
            help=mark("Keep the existing connections of the preceding layer."),
        ),
    ] = False,
    name: Annotated[
        str, typer.Option(metavar="NAME", help=mark("Name of the new layer."))
    ] = "",
    settings: SettingsOption = None,
    graph: GraphOption = MODEL,
    as_json: JsonOption = False,
) -> None:
    """Add a layer to a project's model."""
    from dlstudio.cli.layer_edits import new_layer, node_called
    from dlstudio.document.layer_insertion import insert_layer

    with _edited(project, as_json) as change:
        whole = change.project.graph(graph)
        node = new_layer(whole, kind, name, settings or (), change.catalog)
        sources = tuple(node_called(whole, each).id for each in after or ())
        target = node_called(whole, before).id if before else ""
        if not sources:
            sources = _usual_sources(whole, node, target, change.catalog)
        made = insert_layer(whole, node, sources, target, branch)
        change.to(change.project.with_graph(graph, made))


def remove_layers(
    project: ProjectArgument,
    names: LayersArgument,
    cut: Annotated[
        bool,
        typer.Option("--cut", help=mark("Do not connect the layers before and after.")),
    ] = False,
    graph: GraphOption = MODEL,
    as_json: JsonOption = False,
) -> None:
    """Remove layers and connect their sources with their targets."""
    from dlstudio.cli.layer_edits import node_called
    from dlstudio.document.edits.nodes import RemoveNodes

    with _edited(project, as_json) as change:
        whole = change.project.graph(graph)
        ids = tuple(dict.fromkeys(node_called(whole, name).id for name in names))
        change.to(RemoveNodes(ids, not cut, graph).apply(change.project))


def set_layer(
    project: ProjectArgument,
    name: LayerArgument,
    settings: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY=VALUE...",
            help=mark("Parameters, such as units=10; “key=” restores the default."),
        ),
    ],
    graph: GraphOption = MODEL,
    as_json: JsonOption = False,
) -> None:
    """Set parameters of a layer."""
    from dlstudio.cli import layer_edits
    from dlstudio.cli.opened_project import project_folder
    from dlstudio.cli.typed_values import split_setting

    with _edited(project, as_json) as change:
        made = change.project
        for setting in settings:
            key, text = split_setting(setting, layer_edits.EXAMPLE)
            made = layer_edits.set_layer(made, name, key, text, change.catalog, graph)
            if key == "preset" and text:
                made = layer_edits.with_preset_of(
                    made, name, graph, project_folder(project)
                )
        change.to(made)


def connect_layers(
    project: ProjectArgument,
    source: Annotated[
        str, typer.Argument(metavar="FROM", help=mark("Layer to connect from."))
    ],
    target: Annotated[
        str, typer.Argument(metavar="TO", help=mark("Layer to connect to."))
    ],
    port: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=whole_number(0),
            help=mark("Input number of the target, counted from 0."),
        ),
    ] = None,
    source_port: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number(0),
            help=mark("Output number of the source, counted from 0."),
        ),
    ] = 0,
    graph: GraphOption = MODEL,
    as_json: JsonOption = False,
) -> None:
    """Connect two layers."""
    from dlstudio.cli.layer_edits import node_called
    from dlstudio.document.edits.edges import Connect
    from dlstudio.document.graph import Edge

    with _edited(project, as_json) as change:
        whole = change.project.graph(graph)
        a, b = node_called(whole, source).id, node_called(whole, target).id
        taken = {edge.target_port for edge in whole.into(b)}
        free = next(n for n in range(len(taken) + 1) if n not in taken)
        edge = Edge(a, b, source_port, free if port is None else port)
        change.to(Connect(edge, graph).apply(change.project))


def disconnect_layers(
    project: ProjectArgument,
    source: Annotated[
        str, typer.Argument(metavar="FROM", help=mark("Layer to connect from."))
    ],
    target: Annotated[
        str, typer.Argument(metavar="TO", help=mark("Layer to connect to."))
    ],
    graph: GraphOption = MODEL,
    as_json: JsonOption = False,
) -> None:
    """Remove the connections from one layer to another."""
    from dlstudio.cli.layer_edits import node_called
    from dlstudio.document.edits.edges import Disconnect
    from dlstudio.document.graph import Edge

    with _edited(project, as_json) as change:
        whole = change.project.graph(graph)
        a, b = node_called(whole, source).id, node_called(whole, target).id
        edges = [each for each in whole.into(b) if each.source == a] or [Edge(a, b)]
        made = change.project
        for edge in edges:
            made = Disconnect(edge, graph).apply(made)
        change.to(made)


def _usual_sources(
    graph: Graph, node: Node, target: str, catalog: Catalog
) -> tuple[str, ...]:
    """The default sources of a new layer.

    Raises:
        UserError: The sources are ambiguous.
    """
    from dlstudio.document.layer_insertion import single_output

    if catalog[node.kind].inputs.maximum == 0:
        return ()
    if not target:
        return single_output(graph)
    sources = tuple(dict.fromkeys(edge.source for edge in graph.into(target)))
    if len(sources) <= 1:
        return sources
    raise UserError(
        _("“{name}” has several inputs: {names}.").format(
            name=target, names=", ".join(sources)
        ),
        _("Choose one with --after NAME."),
    )


class _Change:
    """A project before and after a change."""

    def __init__(self, project: Project, catalog: Catalog) -> None:
        self.project, self.catalog = project, catalog
        self.made = project

    def to(self, made: Project) -> None:
        """Set the changed project."""
        self.made = made


@contextmanager
def _edited(folder: Path, as_json: bool) -> Iterator[_Change]:
    """Change a project, save it and print the changes."""
    from dlstudio.catalog.store import Catalog
    from dlstudio.cli.changes import show_changes
    from dlstudio.cli.opened_project import project_folder
    from dlstudio.document.edit_lock import edited_project

    output = Output(as_json)
    with edited_project(project_folder(folder), mark("a command")) as (project, save):
        change = _Change(project, Catalog.load())
        yield change
        if change.made != project:
            save(change.made)
    show_changes(output, project, change.made, change.catalog)


def open_layer(
    project: ProjectArgument, name: LayerArgument, as_json: JsonOption = False
) -> None:
    """Replace a pretrained network by a nested graph of its layers."""
    from dlstudio.cli.layer_edits import node_called
    from dlstudio.cli.opened_project import project_folder

    folder = project_folder(project)
    with _edited(project, as_json) as change:
        from dlstudio.engine.model_import.opened_backbone import open_backbone

        node = node_called(change.project.model, name)
        edit = open_backbone(change.project, node.id, folder, change.catalog)
        change.to(edit.apply(change.project))


SUBCOMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "list": (list_layers, mark("List the layers of a model.")),
    "add": (add_layer, mark("Add a layer to a model.")),
    "remove": (remove_layers, mark("Remove layers from a model.")),
    "set": (set_layer, mark("Set parameters of a layer.")),
    "connect": (connect_layers, mark("Connect two layers.")),
    "open": (open_layer, mark("Open a pretrained network into its layers.")),
    "disconnect": (disconnect_layers, mark("Disconnect two layers.")),
}
