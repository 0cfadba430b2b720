"""Verifies an export of a model that reconstructs images, result by result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.export import Certificate
from dlstudio.engine.export.agreement import (
    EntryAgreement,
    RunnerAnswer,
    crashed,
    entry_agreement,
    precision_tolerance,
)
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.export.image_samples import VerificationSamples
from dlstudio.engine.export.image_submodel import ImageSubmodel
from dlstudio.engine.export.verification import (
    Process,
    ReportStep,
    ignore_step,
    run_verification,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.prediction.image_classifier import Pixels

Results = Mapping[str, npt.NDArray[Any]]
FILES = "image_bytes"


def verify_image_export(
    part: ImageSubmodel,
    exported: ExportedModel,
    samples: VerificationSamples,
    process: Process,
    report_step: ReportStep = ignore_step,
) -> Certificate:
    """Run `exported` in a fresh process without dlstudio and compare its results.

    A decoder is given what the encoder makes of the samples.

    Args:
        part: What was exported.
        exported: The export as it was written.
        samples: Held-out images first.
        process: How the other process is run.
        report_step: Called with "ask" and "compare" as each begins.

    Raises:
        UserError: It could not be loaded, timed out, or differs; the message names the
            entry point, the sample and the difference.
        Stopped: The other process was terminated.
    """
    limit = precision_tolerance(part.whole.model)

    def write(folder: Path) -> dict[str, object]:
        arrays = [np.asarray(_argument(part, samples.pixels), np.float32)]
        files: dict[str, list[int]] = {}
        if part.takes_images:
            (folder / "files_1.bin").write_bytes(b"".join(samples.encoded))
            files[FILES] = [len(each) for each in samples.encoded]
            arrays.append(np.zeros(0, np.float32))
        np.savez(folder / "rows.npz", *arrays)
        return {"arguments": [part.argument, *files], "files": files}

    def compare_entry(
        folder: Path, number: int, answer: RunnerAnswer
    ) -> EntryAgreement:
        entry, called = list(exported.entries.items())[number]
        of_files = FILES in called.code
        pixels = samples.encoded_pixels if of_files else samples.pixels
        names = samples.encoded_names if of_files else samples.names
        given = _read_results(folder, number, answer)
        far, same = _differences(part, pixels, given, entry, limit)
        _refuse(entry, names, far, same, limit)
        return entry_agreement(far, same, answer["latency"][entry])

    certificate = run_verification(exported, write, compare_entry, process, report_step)
    return replace(
        certificate,
        samples=len(samples.pixels),
        tolerance=limit,
        drawn_from=dict(samples.drawn_from),
        original_files=samples.original_files,
    )


def _argument(part: ImageSubmodel, pixels: Pixels) -> npt.NDArray[Any]:
    return pixels if part.takes_images else part.whole.encode(pixels)


def _expected(part: ImageSubmodel, pixels: Pixels) -> dict[str, npt.NDArray[Any]]:
    """What the studio's own model answers, by name; never through the export's part."""
    model = part.whole
    if part.name == "encoder":
        return {"latent": model.encode(pixels)}
    images = model.reconstruct(pixels)
    if part.name == "decoder":
        return {"image": images}
    errors = model.errors(pixels)
    found: dict[str, npt.NDArray[Any]] = {"image": images, "error": errors}
    if model.threshold is not None:
        found["anomaly"] = errors > model.threshold.value
    return found


def _differences(
    part: ImageSubmodel, pixels: Pixels, given: Results, entry: str, limit: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The largest difference of each sample, and whether its results are the same."""
    expected = _expected(part, pixels)
    far, same = np.zeros(len(pixels)), np.ones(len(pixels), bool)
    for name, wanted in expected.items():
        found = given.get(name)
        if found is None and name in ("error", "anomaly"):
            continue  # a .keras file gives the image alone
        if found is None:
            raise crashed(_("it did not return “{name}”").format(name=name), entry)
        if found.shape != wanted.shape:
            raise crashed(_("its predictions have a different shape"), entry)
        if name == "anomaly":
            near = np.abs(expected["error"] - _value(part)) <= limit
            same &= (found == wanted) | near
            continue
        far = np.maximum(far, _far(wanted, found))
    return far, same & (far <= limit)


def _value(part: ImageSubmodel) -> float:
    return part.whole.threshold.value if part.whole.threshold else 0.0


def _far(wanted: npt.NDArray[Any], found: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The largest difference of each sample; of large values as a share of them."""
    scale = np.maximum(1.0, np.abs(wanted.astype(np.float64)))
    with np.errstate(invalid="ignore"):
        apart = np.abs(wanted.astype(np.float64) - found) / scale
    apart = apart.reshape(len(apart), -1).max(axis=1)
    return np.where(np.isfinite(apart), apart, np.inf)


def _read_results(folder: Path, number: int, answer: RunnerAnswer) -> Results:
    names = answer["results"][number]
    with np.load(folder / f"results_{number}.npz", allow_pickle=False) as file:
        return {name: file[f"arr_{place}"] for place, name in enumerate(names)}


def _refuse(
    entry: str,
    names: Any,
    far: npt.NDArray[np.float64],
    same: npt.NDArray[np.bool_],
    limit: float,
) -> None:
    if same.all():
        return
    worst = int(np.where(same, -1.0, far).argmax())
    text = _(
        "a value for {name} differs by {far:.2g}; at most {limit:.2g} is allowed."
    ).format(name=names[worst], far=far[worst], limit=limit)
    raise UserError(
        _(
            "The exported model and the original model disagree at “{entry}”: "
            "{difference}"
        ).format(entry=entry, difference=text),
        _("The export failed verification. Nothing was written."),
    )
