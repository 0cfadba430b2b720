"""Exports a run whose model reconstructs images, or half of it, verified."""

from __future__ import annotations

from dataclasses import replace as with_fields
from pathlib import Path

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.data.open_source import open_source
from dlstudio.data.parallel import Progress
from dlstudio.document.export import Certificate, ExportResult
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.export.feature_export import CPU
from dlstudio.engine.export.image_card import image_card, image_markdown
from dlstudio.engine.export.image_samples import verification_samples
from dlstudio.engine.export.image_submodel import BOTH, submodel_of
from dlstudio.engine.export.image_verification import verify_image_export
from dlstudio.engine.export.verification import (
    TIMEOUT_S,
    Process,
    ReportStep,
    ignore_step,
)
from dlstudio.engine.export.verified_export import (
    Card,
    ExportProcedure,
    export_verified,
    load_exporter,
)
from dlstudio.engine.prediction.image_model import load_image_model
from dlstudio.engine.project.run_data import prepare_run
from dlstudio.engine.runs.evaluation_report import read_report
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _


def export_image_run(
    run: Run,
    description: Description,
    out: Path,
    folder: Path,
    catalog: Catalog,
    part: str = BOTH,
    *,
    replace: bool = False,
    progress: Progress | None = None,
    stop: StopToken | None = None,
    report_step: ReportStep = ignore_step,
) -> ExportResult:
    """Export a run's model, its encoder or its decoder, certified by held-out images.

    Args:
        run: A run with a trained model.
        description: The format, of family "formats".
        out: File or folder to write.
        folder: The project's folder.
        catalog: Describes the head and the data source.
        part: One of `image_submodel.SUBMODELS`.
        replace: Whether an unchanged earlier export of ours may be replaced.
        progress: Called with (done, total) while the data is prepared.
        stop: Checked at each step.
        report_step: Called as each step begins.

    Raises:
        UserError: The model or its data cannot be read, the format has no form for such
            models, `out` cannot be written, or the verification failed.
        Stopped: `stop` was set; nothing is left behind.
    """
    implementation = str(description.extra.get("images", ""))
    if not implementation:
        raise UserError(
            _(
                "The format {format} does not take models that reconstruct images."
            ).format(format=description.name),
            _("Use another format."),
        )
    model = load_image_model(run, catalog, CPU)
    exported_part = submodel_of(model, part)
    prepared = prepare_run(run, folder, catalog, progress, stop)
    source = open_source(run.project().data.source, catalog, folder)
    samples = verification_samples(model, prepared, source)
    token = stop or StopSource().token

    def verify(exported: ExportedModel, scratch: Path) -> Certificate:
        process = Process(token, TIMEOUT_S, scratch=scratch)
        return verify_image_export(
            exported_part, exported, samples, process, report_step
        )

    def card(exported: ExportedModel, certificate: Certificate) -> Card:
        report = read_report(run.folder)
        data = image_card(
            exported_part, exported, certificate, description.kind, report
        )
        return data, image_markdown(data, exported)

    steps = ExportProcedure(
        lambda path: load_exporter(implementation)(exported_part, path), verify, card
    )
    exported = export_verified(
        steps, description, out, replace=replace, report_step=report_step
    )
    return with_fields(exported, of_labels=False)
