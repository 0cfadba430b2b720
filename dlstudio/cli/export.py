"""`export`: export a trained model with its verification report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.byte_size import size_text
from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument, RunOption
from dlstudio.cli.output import Output
from dlstudio.cli.run_choice import choose_run
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark
from dlstudio.percent_text import percent

if TYPE_CHECKING:
    from dlstudio.document.export import ExportResult


def export(
    project: ProjectArgument,
    format: Annotated[
        str,
        typer.Option(
            metavar="FORMAT", help=mark("One of the formats listed by “formats”.")
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="PATH", help=mark("File or folder to write."))
    ],
    part: Annotated[
        str,
        typer.Option(
            metavar="PART",
            help=mark("Of a model that reconstructs images: both, encoder or decoder."),
        ),
    ] = "both",
    run: RunOption = "",
    replace: Annotated[
        bool, typer.Option("--replace", help=mark("Replace an existing export."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Export a trained model and verify the export."""
    from dlstudio.catalog.feature_heads import has_classes

    output = Output(as_json)
    opened = open_project(project)
    opened.catalog.find("formats", format)  # before anything heavy is loaded
    chosen = choose_run(opened, run, output)
    with output.waiting(_("Exporting, and verifying the export in a new process…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.export.run_export import export_run

        result = export_run(
            chosen, format, out, opened.folder, opened.catalog, part, replace=replace
        )
    if as_json:
        output.json(result.to_json())
    else:
        kinds = [kind for _feature, kind in chosen.project().heads]
        labels = all(has_classes(opened.catalog[each]) for each in kinds)
        _show(output, result, labels=labels)


def _show(output: Output, result: ExportResult, *, labels: bool) -> None:
    certificate = result.certificate
    latency = _("Latency per row") if result.of_rows else _("Latency per image")
    output.text(str(result.path), "bold")
    agreement = percent(certificate.label_agreement)
    rows = [
        (_("Verified"), _("yes") if certificate.passed else _("no")),
        (_("Samples compared"), str(certificate.samples)),
        (_("Label agreement") if labels else _("Answers that agree"), agreement),
        (_("Largest difference"), f"{certificate.max_abs_difference:.2g}"),
        (_("Size"), size_text(certificate.size_bytes)),
        (latency, f"{certificate.latency_ms:.1f} ms"),
    ]
    output.table((_("Item"), _("Found")), rows)
