"""Exports a trained model to a verified file or folder, atomically."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import tensorflow as tf

from dlstudio.catalog.schema import Description
from dlstudio.document.export import Certificate, ExportResult
from dlstudio.engine.export import atomic_publish
from dlstudio.engine.export.exported_code import with_code
from dlstudio.engine.export.exported_model import ExportedModel
from dlstudio.engine.export.image_classes_card import markdown, model_card
from dlstudio.engine.export.image_classes_verification import verify_export
from dlstudio.engine.export.image_samples import VerificationSamples
from dlstudio.engine.export.previous_export import CERTIFICATE
from dlstudio.engine.export.verification import TIMEOUT_S, ReportStep, ignore_step
from dlstudio.engine.prediction.image_classifier import TrainedModel
from dlstudio.engine.prediction.model_file import first_line
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import os_error, user_errors

COMPANIONS = ("card.json", "card.md", "labels.txt", CERTIFICATE)


def export_trained(
    trained: TrainedModel,
    description: Description,
    out: Path,
    samples: VerificationSamples,
    *,
    report: Mapping[str, object] | None = None,
    replace: bool = False,
    stop: StopToken | None = None,
    timeout_s: float = TIMEOUT_S,
    python: str = sys.executable,
    report_step: ReportStep = ignore_step,
) -> ExportResult:
    """Write the export, verify it, and only then publish it.

    Args:
        trained: The studio's model.
        description: The format, of family "formats".
        out: File or folder; the format's suffix is added if missing.
        samples: The samples that verify the export.
        report: The run's evaluation, for the model card.
        replace: Whether an unchanged earlier export of ours may be replaced.
        stop: Checked at each step.
        timeout_s: Seconds after which the verifying process is terminated.
        python: The Python interpreter that verifies it.
        report_step: Called with "write", "ask", "compare" and "place" as each begins.

    Raises:
        UserError: `out` exists, cannot be written, or the verification failed. Nothing
            is left behind.
        Stopped: `stop` was set; nothing is left behind.
    """

    def verify(exported: ExportedModel, scratch: Path) -> Certificate:
        return verify_export(
            trained,
            exported,
            samples,
            stop=stop,
            timeout_s=timeout_s,
            python=python,
            scratch=scratch,
            report_step=report_step,
        )

    def card(exported: ExportedModel, certificate: Certificate) -> Card:
        data = model_card(trained, exported, certificate, description.kind, report)
        return data, markdown(data, exported)

    steps = ExportProcedure(partial(_export, trained, description), verify, card)
    return export_verified(
        steps, description, out, replace=replace, report_step=report_step
    )


Card = tuple[Mapping[str, object], str]
"""A model card as JSON data and as Markdown."""


@dataclass(frozen=True, slots=True)
class ExportProcedure:
    """What is done to export one model.

    Attributes:
        write: Writes the export to a path.
        verify: Verifies it; the folder is for exchanged files.
        card: Makes the model card.
    """

    write: Callable[[Path], ExportedModel]
    verify: Callable[[ExportedModel, Path], Certificate]
    card: Callable[[ExportedModel, Certificate], Card]


def export_verified(
    steps: ExportProcedure,
    description: Description,
    out: Path,
    *,
    replace: bool = False,
    report_step: ReportStep = ignore_step,
) -> ExportResult:
    """Write an export, verify it, and only then publish it.

    Args:
        steps: Write, verify and describe it.
        description: The format, of family "formats".
        out: File or folder; the format's suffix is added if missing.
        replace: Whether an unchanged earlier export of ours may be replaced.
        report_step: Called with "write" and "place" as each begins.

    Raises:
        UserError: `out` exists, cannot be written, or the verification failed. Nothing
            is left behind.
    """
    out = target(out, description)
    companions = _companions(out, description)
    atomic_publish.check_free(out, companions, replace)
    with atomic_publish.staging(out) as folder:
        report_step("write")
        exported = _write(steps, description, folder / out.name)
        certificate = steps.verify(exported, folder.parent)
        report_step("place")
        card = steps.card(exported, certificate)
        with user_errors(out, writing=True):
            certificate = _describe(exported, card, certificate)
        # Something may have been put there meanwhile.
        atomic_publish.check_free(out, companions, replace)
        atomic_publish.publish(folder, out)
    snippets = tuple(exported.snippets)
    return ExportResult(out, description.name, certificate, snippets)


def target(out: Path, description: Description) -> Path:
    """`out` as an absolute path, with the format's suffix."""
    suffix = description.extra.get("suffix", "")
    path = Path(out).expanduser().absolute()
    if not path.name:
        raise UserError(
            _("{path} is not a valid location for an export.").format(path=path)
        )
    if suffix and path.suffix.lower() == suffix:
        path = path.with_suffix(suffix)
    elif suffix:
        path = path.with_name(path.name + suffix)
    return path


def _companions(out: Path, description: Description) -> tuple[Path, ...]:
    """Paths written beside a file; none for a folder."""
    if not description.extra.get("suffix"):
        return ()
    return tuple(atomic_publish.beside(out, name) for name in COMPANIONS)


def load_exporter(implementation: str) -> Callable[..., ExportedModel]:
    """The function of a format that writes a model, from "module:name"."""
    module, _colon, name = implementation.partition(":")
    found: Callable[..., ExportedModel] = getattr(importlib.import_module(module), name)
    return found


def _export(
    trained: TrainedModel, description: Description, out: Path
) -> ExportedModel:
    return load_exporter(description.implementation)(trained, out)


def _write(
    steps: ExportProcedure, description: Description, path: Path
) -> ExportedModel:
    try:
        exported = steps.write(path)
    except OSError as error:
        raise os_error(error, path, writing=True) from error
    except (tf.errors.OpError, ValueError, TypeError, RuntimeError) as error:
        raise UserError(
            _("The model cannot be exported as {format}: {reason}").format(
                format=description.name, reason=first_line(error)
            ),
            _("Nothing was written. Free some space, or use another format."),
        ) from error
    assert isinstance(exported, ExportedModel)
    return with_code(exported)


def _describe(
    exported: ExportedModel, card: Card, certificate: Certificate
) -> Certificate:
    """Write the card and the certificate, which lists every file."""
    data, text = card
    path = exported.path
    root = path if path.is_dir() else path.parent
    cards = [
        path / f"model_{name}" if path.is_dir() else atomic_publish.beside(path, name)
        for name in COMPANIONS[:2]
    ]
    _write_json(cards[0], data)
    cards[1].write_text(text, "utf-8", newline="\n")
    files = [each for each in root.rglob("*") if each.is_file()]
    certificate = certificate.with_files(atomic_publish.digests(root, files))
    _write_json(atomic_publish.certificate_of(path), certificate.to_json())
    return certificate


def _write_json(path: Path, data: Mapping[str, object]) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8", newline="\n")
