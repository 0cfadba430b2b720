"""Exports a run, verified with samples of its data."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.export import ExportResult
from dlstudio.document.project import has_no_data, is_image_model, reconstructs_images
from dlstudio.engine.custom_code.code_scope import project_code
from dlstudio.engine.evaluation.batched import Progress
from dlstudio.engine.export.feature_export import CPU, export_feature_run
from dlstudio.engine.export.image_export import export_image_run
from dlstudio.engine.export.image_generated_samples import generated_images
from dlstudio.engine.export.image_samples import (
    run_verification_samples,
)
from dlstudio.engine.export.image_submodel import BOTH, refuse_part
from dlstudio.engine.export.verification import ReportStep, ignore_step
from dlstudio.engine.export.verified_export import export_trained
from dlstudio.engine.prediction.image_classifier import load_trained
from dlstudio.engine.project.run_data import prepare_run
from dlstudio.engine.runs.evaluation_report import read_report
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.safe_files import refuse_links


def export_run(
    run: Run,
    format: str,
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
    """Export a run's model and certify it with held-out samples of its data.

    Of an imported model no data is known; it is certified with generated samples.

    The model runs on the CPU here, as in the process that verifies it, so that a
    difference comes from the export and not from the device.

    Args:
        run: A run with a trained model.
        format: A description of family "formats", by kind or short name.
        out: File or folder to write.
        folder: The project's folder.
        catalog: Describes the formats and the data source.
        part: What to export of a model that reconstructs: "both", "encoder" or
            "decoder".
        replace: Whether an unchanged earlier export of ours may be replaced.
        progress: Called with (done, total) while the data is prepared.
        stop: Checked at each step.
        report_step: Called with "read" and with the steps of `export_trained` as each
            begins.

    Raises:
        UserError: The model or its data cannot be read, or `export_trained` failed.
        Stopped: `stop` was set; nothing is left behind.
    """
    with project_code(run.project(), run.project_folder):
        return _export_run(
            run,
            format,
            out,
            folder,
            catalog,
            part,
            replace=replace,
            progress=progress,
            stop=stop,
            report_step=report_step,
        )


def _export_run(
    run: Run,
    format: str,
    out: Path,
    folder: Path,
    catalog: Catalog,
    part: str,
    *,
    replace: bool,
    progress: Progress | None,
    stop: StopToken | None,
    report_step: ReportStep,
) -> ExportResult:
    refuse_links(out.absolute().parent, folder)
    report_step("read")
    description = catalog.find("formats", format)
    if reconstructs_images(run.project()):
        return export_image_run(
            run,
            description,
            out,
            folder,
            catalog,
            part,
            replace=replace,
            progress=progress,
            stop=stop,
            report_step=report_step,
        )
    refuse_part(part)
    if not is_image_model(run.project()):
        return export_feature_run(
            run,
            description,
            out,
            folder,
            catalog,
            replace=replace,
            progress=progress,
            stop=stop,
            report_step=report_step,
        )
    trained = load_trained(run, catalog, CPU)
    if has_no_data(run.project()):
        samples = generated_images(trained)
    else:
        prepared = prepare_run(run, folder, catalog, progress, stop)
        samples = run_verification_samples(run, folder, catalog, trained, prepared)
    return export_trained(
        trained,
        description,
        out,
        samples,
        report=read_report(run.folder),
        replace=replace,
        stop=stop,
        report_step=report_step,
    )
