"""`draw`: draw a model as SVG, PNG or PDF."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from dlstudio.cli.layer_listing import GraphOption
from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.document.graph_names import MODEL
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark


class DrawingTheme(str, Enum):
    """Colours of a drawing."""

    light = "light"
    dark = "dark"


def draw(
    project: ProjectArgument,
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help=mark("File to write; it ends in .svg, .png or .pdf."),
        ),
    ],
    graph: GraphOption = MODEL,
    scale: Annotated[
        float | None,
        typer.Option(
            min=0.05, max=16, help=mark("Size, 1 for that of the canvas at 100 %.")
        ),
    ] = None,
    theme: Annotated[
        DrawingTheme, typer.Option(help=mark("Colors: light or dark."))
    ] = DrawingTheme.light,
    arrange: Annotated[
        bool,
        typer.Option(
            "--arrange", help=mark("Arrange the layers anew; the project is kept.")
        ),
    ] = False,
    shapes: Annotated[
        bool,
        typer.Option(
            help=mark("Write shapes and numbers of parameters; loads TensorFlow.")
        ),
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Draw a model as on the canvas."""
    from dlstudio.document.canvas.graph_reports import GraphReports
    from dlstudio.document.drawing.graph_drawing import THEMES, GraphArtist
    from dlstudio.engine.drawing.files import DrawingFile

    output = Output(as_json)
    file = DrawingFile(out.expanduser(), scale)
    measure = file.measure()
    opened = open_project(project)
    found = opened.project.graph(graph)
    if not found.nodes:
        raise UserError(_("The model has no layers yet."))
    reports = GraphReports()
    if shapes:
        from dlstudio.engine.runtime.startup import start_tensorflow

        with output.progress(_("Loading TensorFlow…")):
            start_tensorflow()
        from dlstudio.engine.custom_code.code_scope import project_code
        from dlstudio.engine.shapes.reports import graph_reports

        with project_code(opened.project, opened.folder):
            reports = graph_reports(opened.project, graph, opened.catalog)
    colors = THEMES[theme.value]
    artist = GraphArtist(opened.catalog, opened.project.graphs, colors, measure)
    title = opened.project.name or opened.folder.name
    placed = artist.arranged(found, reports, always=arrange)
    file.write(artist.draw(placed, reports, title))
    if as_json:
        output.json({"path": file.path, "layer_count": found.layer_count})
    else:
        output.text(str(file.path))
