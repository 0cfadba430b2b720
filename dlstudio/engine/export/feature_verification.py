"""Verifies an export of a model of features: all of its results, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.export import Certificate
from dlstudio.engine.export.agreement import (
    AnswerKind,
    EntryAgreement,
    RunnerAnswer,
    crashed,
    entry_agreement,
    refuse,
    tolerance,
)
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.export.feature_samples import FeatureSamples
from dlstudio.engine.export.feature_signature import (
    STRING,
    ExportOutput,
    FeatureSignature,
    feature_signature,
)
from dlstudio.engine.export.verification import (
    Process,
    ReportStep,
    ignore_step,
    run_verification,
)
from dlstudio.engine.heads.decisions import predicted_classes
from dlstudio.engine.heads.tag_results import same_tags
from dlstudio.engine.prediction.feature_model import FeatureModel
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.heads.base import AnswerComparison, Floats

Results = Mapping[str, npt.NDArray[Any]]


def verify_feature_export(
    model: FeatureModel,
    exported: ExportedModel,
    samples: FeatureSamples,
    process: Process,
    report_step: ReportStep = ignore_step,
) -> Certificate:
    """Run `exported` in a fresh process without dlstudio and compare its results.

    Args:
        model: The studio's model.
        exported: The export as it was written.
        samples: The rows both predict.
        process: How the other process is run.
        report_step: Called with "ask" and "compare" as each begins.

    Raises:
        UserError: It could not be loaded, timed out, or differs; the message names the
            entry point, the row, the output and the difference.
        Stopped: The other process was terminated.
    """
    signature = feature_signature(model)
    expected = model.predict(samples.encoded)

    def write(folder: Path) -> dict[str, object]:
        files = _write_rows(folder, model, signature, samples)
        arguments = [each.argument for each in signature.inputs]
        return {"arguments": arguments, "files": files}

    def compare_entry(
        folder: Path, number: int, answer: RunnerAnswer
    ) -> EntryAgreement:
        entry = list(exported.entries)[number]
        results = _read_results(folder, number, answer)
        compared = [
            _compare(model, each, expected[each.name], results, samples, entry)
            for each in signature.outputs
        ]
        far = np.max([each.far for each in compared], axis=0)
        same = np.all([each.same for each in compared], axis=0)
        return entry_agreement(far, same, answer["latency"][entry])

    certificate = run_verification(exported, write, compare_entry, process, report_step)
    return replace(
        certificate,
        samples=len(samples),
        tolerance=tolerance(model),
        drawn_from=dict(samples.drawn_from),
    )


def _write_rows(
    folder: Path,
    model: FeatureModel,
    signature: FeatureSignature,
    samples: FeatureSamples,
) -> dict[str, list[int]]:
    """Write the rows raw and as the model's inputs take them, without pickle.

    Returns:
        The sizes of the files that are the values of an argument.
    """
    raw = [samples.raw[each.name] for each in signature.inputs]
    files: dict[str, list[int]] = {}
    for place, each in enumerate(signature.inputs):
        if raw[place].dtype == object:
            (folder / f"files_{place}.bin").write_bytes(b"".join(raw[place]))
            files[each.argument] = [len(content) for content in raw[place]]
            raw[place] = np.zeros(0, np.uint8)
    np.savez(folder / "rows.npz", *raw)
    values = model.values(samples.encoded)
    shaped = [
        (_bytes(found) if each.model_dtype == STRING else found)
        for each, found in zip(signature.inputs, values, strict=True)
    ]
    np.savez(folder / "encoded.npz", *shaped)
    return files


def _bytes(texts: npt.NDArray[Any]) -> npt.NDArray[np.bytes_]:
    found = [str(each).encode() for each in texts.ravel()]
    return np.array(found, np.bytes_).reshape(texts.shape)


def _read_results(folder: Path, number: int, answer: RunnerAnswer) -> Results:
    names = answer["results"][number]
    with np.load(folder / f"results_{number}.npz", allow_pickle=False) as file:
        return {name: file[f"arr_{place}"] for place, name in enumerate(names)}


def _compare(
    model: FeatureModel,
    output: ExportOutput,
    expected: Floats,
    results: Results,
    samples: FeatureSamples,
    entry: str,
) -> AnswerComparison:
    """Compare one output.

    Args:
        model: The studio's model.
        output: The output.
        expected: The studio's raw outputs, (n, units).
        results: All results of the export.
        samples: The rows.
        entry: The entry point, for messages.

    Raises:
        UserError: The results differ, are missing, or have another shape.
    """
    head_type, fitted = output.predicted.head_type, output.predicted.fitted
    wanted = head_type.scores(expected, output.predicted.from_logits)
    if output.label:
        wanted = wanted[:, : len(output.classes)]
    elif not output.tags and not output.tokens:
        wanted = head_type.exported(wanted, fitted)
    given = results.get(output.value)
    if given is None:
        raise crashed(_("it did not return “{name}”").format(name=output.value), entry)
    if len(given) != len(wanted):
        raise crashed(_("it returned too few predictions"), entry)
    if given.shape != wanted.shape:
        raise crashed(_("its predictions have a different shape"), entry)
    limit = tolerance(model)
    texts = wanted.dtype.kind == "S"
    answer: Any = _as_bytes(given) if texts else np.asarray(given, np.float32)
    found = head_type.compare(wanted, answer, fitted, limit)
    if output.label in results:
        same = _same_labels(output, wanted, given, results[output.label], found.same)
        found = replace(found, same=same)
    if output.tags in results:
        tags = same_tags(results[output.tags], wanted, given, fitted["tags"])
        found = replace(found, same=found.same & tags)
    names = [f"{name} ({output.name})" for name in samples.names]
    labels = output.label or output.tags
    answers: AnswerKind = "text" if texts else "label" if labels else "number"
    refuse(entry, names, found.far, found.same, limit, answers)
    return found


def _as_bytes(texts: npt.NDArray[Any]) -> npt.NDArray[np.bytes_]:
    """Texts in UTF-8, which they may be already."""
    return np.char.encode(texts, "utf-8") if texts.dtype.kind == "U" else texts


def _same_labels(
    output: ExportOutput,
    wanted: Floats,
    given: npt.NDArray[Any],
    returned: npt.NDArray[Any],
    same: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Whether labels are the studio's, or those of scores that differ by rounding.

    Args:
        output: The output.
        wanted: The studio's scores.
        given: The scores of the export.
        returned: Its labels.
        same: Whether the scores mean the same, as far as rounding decides.
    """
    if returned.shape[0] != len(wanted):
        return np.zeros(len(wanted), bool)
    classes = np.char.encode(np.array(output.classes, np.str_), "utf-8")

    def equal(scores: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        if output.has_several_labels:
            labels = np.where(scores >= output.threshold, classes[None, :], b"")
        else:
            labels = classes[predicted_classes(scores, output.threshold)]
        if labels.shape != returned.shape:
            return np.zeros(len(scores), bool)
        return np.asarray((labels == returned).reshape(len(scores), -1).all(axis=1))

    return np.asarray(equal(wanted) | (equal(given) & same))
