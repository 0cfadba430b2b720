"""Exports a run whose model takes features, verified with rows of its data."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from dlstudio.catalog.export_formats import NO_FEATURES
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.data.open_source import open_source
from dlstudio.data.parallel import Progress
from dlstudio.data.prepared import Prepared
from dlstudio.document.export import Certificate, ExportResult, ExportSignature
from dlstudio.document.project import has_no_data
from dlstudio.engine.export.column_settings import with_column_settings
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.export.feature_card import Ranges, feature_card, feature_markdown
from dlstudio.engine.export.feature_samples import FeatureSamples, feature_samples
from dlstudio.engine.export.feature_signature import feature_signature
from dlstudio.engine.export.feature_verification import verify_feature_export
from dlstudio.engine.export.generated_rows import generated_rows
from dlstudio.engine.export.signature_entries import argument_entries, result_entries
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
from dlstudio.engine.prediction.feature_model import FeatureModel, load_feature_model
from dlstudio.engine.prediction.model_origin import ModelFacts, model_facts
from dlstudio.engine.project.run_data import prepare_run
from dlstudio.engine.runs.evaluation_report import read_report
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import LANGUAGES, _, translator

if TYPE_CHECKING:
    from dlstudio.engine.export.card_json import FeatureCardJson

CPU = "/CPU:0"


def export_feature_run(
    run: Run,
    description: Description,
    out: Path,
    folder: Path,
    catalog: Catalog,
    *,
    replace: bool = False,
    progress: Progress | None = None,
    stop: StopToken | None = None,
    report_step: ReportStep = ignore_step,
) -> ExportResult:
    """Export a run's model and certify it with held-out rows of its data.

    Args:
        run: A run with a trained model.
        description: The format, of family "formats".
        out: File or folder to write.
        folder: The project's folder.
        catalog: Describes the feature types, the heads and the data source.
        replace: Whether an unchanged earlier export of ours may be replaced.
        progress: Called with (done, total) while the data is prepared.
        stop: Checked at each step.
        report_step: Called as each step begins.

    Raises:
        UserError: The model or its data cannot be read, or `export_features` failed.
        Stopped: `stop` was set; nothing is left behind.
    """
    with tf.device(CPU):
        model = load_feature_model(run, catalog)
        feature_signature(model)  # before any data is read
        ranges: Ranges = {}
        if has_no_data(run.project()):
            samples = generated_rows(model)
        else:
            prepared = prepare_run(run, folder, catalog, progress, stop)
            source = open_source(run.project().data.source, catalog, folder)
            model = with_column_settings(model, source)
            samples = feature_samples(model, prepared, source)
            ranges = number_ranges(model, prepared)
        return export_features(
            model,
            description,
            out,
            samples,
            facts=model_facts(run, run.project(), catalog),
            ranges=ranges,
            report=read_report(run.folder),
            replace=replace,
            stop=stop,
            report_step=report_step,
        )


def export_features(
    model: FeatureModel,
    description: Description,
    out: Path,
    samples: FeatureSamples,
    *,
    facts: ModelFacts | None = None,
    ranges: Ranges | None = None,
    report: Mapping[str, Any] | None = None,
    replace: bool = False,
    stop: StopToken | None = None,
    timeout_s: float = TIMEOUT_S,
    python: str = sys.executable,
    report_step: ReportStep = ignore_step,
) -> ExportResult:
    """Write the export, verify it, and only then publish it.

    Args:
        model: A run's model.
        description: The format, of family "formats".
        out: File or folder; the format's suffix is added if missing.
        samples: The rows that verify the export.
        facts: Where the model comes from, for the model card.
        ranges: Of features that are numbers, for the model card.
        report: The run's evaluation, for the model card.
        replace: Whether an unchanged earlier export of ours may be replaced.
        stop: Checked at each step.
        timeout_s: Seconds after which the verifying process is terminated.
        python: The Python interpreter that verifies it.
        report_step: Called with "write", "ask", "compare" and "place" as each begins.

    Raises:
        UserError: The format has no form for such models, `out` exists, cannot be
            written, or the verification failed. Nothing is left behind.
        Stopped: `stop` was set; nothing is left behind.
    """
    implementation = str(description.extra.get("features", ""))
    if not implementation:
        raise UserError(
            _(NO_FEATURES).format(format=description.name),
            _("Use another format."),
        )

    described: dict[str, ExportSignature] = {}

    def verify(exported: ExportedModel, scratch: Path) -> Certificate:
        token = stop or StopSource().token
        process = Process(token, timeout_s, python, scratch)
        return verify_feature_export(model, exported, samples, process, report_step)

    def card_data(exported: ExportedModel, certificate: Certificate) -> FeatureCardJson:
        return feature_card(
            model,
            exported,
            certificate,
            description.kind,
            facts or ModelFacts(),
            ranges=ranges or {},
            report=report,
        )

    def card(exported: ExportedModel, certificate: Certificate) -> Card:
        for language in LANGUAGES:  # the window's may change while this is shown
            with translator.speaking(language):
                data = card_data(exported, certificate)
                described[language] = ExportSignature(
                    argument_entries(data),
                    result_entries(data, model.catalog),
                    tuple(exported.notes()),
                )
        data = card_data(exported, certificate)
        return data, feature_markdown(data, exported, model.catalog)

    steps = ExportProcedure(
        lambda path: load_exporter(implementation)(model, path), verify, card
    )
    result = export_verified(
        steps, description, out, replace=replace, report_step=report_step
    )
    return dataclasses.replace(result, signatures=described)


def number_ranges(model: FeatureModel, prepared: Prepared) -> Ranges:
    """The smallest and largest number of each input in the training split.

    Args:
        model: A run's model.
        prepared: Its data.
    """
    found = {}
    for name in model.inputs:
        rows = np.asarray(prepared.rows[name])[prepared.splits["train"]]
        if rows.ndim == 1 and rows.dtype.kind == "f" and len(rows):
            found[name] = (float(rows.min()), float(rows.max()))
    return found
