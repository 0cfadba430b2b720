"""Verifies an export of a model that tells classes of images."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.document.export import Certificate
from dlstudio.engine.export.agreement import (
    crashed,
    entry_agreement,
    refuse,
    tolerance,
)
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.export.image_samples import VerificationSamples
from dlstudio.engine.export.verification import (
    TIMEOUT_S,
    Process,
    ReportStep,
    ignore_step,
    run_verification,
)
from dlstudio.engine.prediction.image_classifier import Scores, TrainedModel
from dlstudio.engine.runtime.stop_token import StopSource, StopToken
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.export.agreement import EntryAgreement, RunnerAnswer


def verify_export(
    trained: TrainedModel,
    exported: ExportedModel,
    samples: VerificationSamples,
    *,
    stop: StopToken | None = None,
    timeout_s: float = TIMEOUT_S,
    python: str = sys.executable,
    scratch: Path | None = None,
    report_step: ReportStep = ignore_step,
) -> Certificate:
    """Run `exported` in a fresh process without dlstudio and compare its predictions.

    Args:
        trained: The studio's model.
        exported: The export as it was written.
        samples: The samples both predict.
        stop: Checked while waiting.
        timeout_s: Seconds after which the other process is terminated.
        python: The Python interpreter to run it with.
        scratch: A folder for exchanged files; the system's temporary folder if None.
        report_step: Called with "ask" and "compare" as each begins.

    Raises:
        UserError: It could not be loaded, timed out, or differs; the message names the
            entry point, the sample and the difference.
        Stopped: `stop` was set; the other process was terminated.
    """

    def write(folder: Path) -> dict[str, object]:
        np.save(folder / "pixels.npy", samples.pixels)
        (folder / "images.bin").write_bytes(b"".join(samples.encoded))
        sizes = [len(each) for each in samples.encoded]
        return {
            "stored": {
                "pixels": {"variable": "images", "file": "pixels.npy"},
                "bytes": {"variable": "files", "file": "images.bin", "sizes": sizes},
            }
        }

    certificate = run_verification(
        exported,
        write,
        lambda *found: compare(trained, exported, samples, *found),
        Process(stop or StopSource().token, timeout_s, python, scratch),
        report_step,
    )
    return replace(
        certificate,
        samples=len(samples.pixels),
        tolerance=tolerance(trained),
        drawn_from=dict(samples.drawn_from),
        original_files=samples.original_files,
    )


def compare(
    trained: TrainedModel,
    exported: ExportedModel,
    samples: VerificationSamples,
    folder: Path,
    number: int,
    answer: RunnerAnswer,
) -> EntryAgreement:
    """Compare one entry point of an export with the studio's model.

    Args:
        trained: The studio's model.
        exported: The export and its entry points.
        samples: The samples both predicted, as pixels and as encoded files.
        folder: Contains the scores of the export, "scores_{number}.npy".
        number: The entry point's index in `exported.entries`.
        answer: What the process that loaded the export reported: its labels, and the
            latency in milliseconds.

    Returns:
        The number of samples, the largest difference of a score, the share of samples
            with the same label, and the latency per image and per batch in
            milliseconds.

    Raises:
        UserError: The export's scores differ, or have the wrong number or shape.
    """
    entry, called = list(exported.entries.items())[number]
    by_pixels = called.takes == "pixels"
    expected = trained.scores(samples.pixels if by_pixels else samples.encoded_pixels)
    names = samples.names if by_pixels else samples.encoded_names
    scores = np.load(folder / f"scores_{number}.npy", allow_pickle=False)
    if len(scores) != len(expected):
        raise crashed(_("it returned too few predictions"), entry)
    if scores.shape != expected.shape:
        raise crashed(_("its predictions have a different shape"), entry)
    labels = answer["labels"][number]
    far, agree = _differences(trained, expected, scores, labels)
    refuse(entry, names, far, agree, tolerance(trained))
    return entry_agreement(far, agree, answer["latency"][entry])


def _differences(
    trained: TrainedModel,
    expected: Scores,
    scores: Scores,
    labels: Sequence[str] | Sequence[list[str]] | None,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Largest difference per sample (NaN as infinite), and whether labels agree.

    Labels whose scores are within twice the tolerance may swap.

    Args:
        trained: The studio's model.
        expected: Its scores, (n, classes).
        scores: Those of the export.
        labels: Labels that the export returned besides; None for none.
    """
    limit, head_type = tolerance(trained), trained.head_type
    found = head_type.compare(expected, scores, trained.fitted, limit)
    if labels is None:
        return found.far, found.same
    returned = [_label(trained, each) for each in labels]
    right, own = (
        np.array([a == b for a, b in zip(trained.labels(each), returned, strict=True)])
        for each in (expected, scores)
    )
    return found.far, right | (own & found.same)


def _label(trained: TrainedModel, label: str | list[str]) -> str | list[str]:
    """A label as the studio has it; those of several are padded with ""."""
    return (
        [name for name in label if name] if trained.has_several_labels else str(label)
    )
