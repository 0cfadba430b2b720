"""Verification: exports that differ, crash or hang are refused and leave nothing."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest

from dlstudio.document.export import Snippet
from dlstudio.engine.export.atomic_publish import is_ours
from dlstudio.engine.export.exported_model import EntryPoint, ExportedModel
from dlstudio.engine.export.formats import image_classes_keras as exporter
from dlstudio.engine.export.image_classes_verification import verify_export
from dlstudio.engine.export.verification import RUNNER
from dlstudio.engine.export.verified_export import export_trained
from dlstudio.engine.runtime.stop_token import Stopped, StopSource
from dlstudio.errors import UserError

from .conftest import listing


def spoil(trained):
    """Change the weights of the head slightly; returns the original ones."""
    kernel, bias = trained.model.layers[-1].get_weights()
    wrong = bias + np.array([0.05, 0, 0, 0], np.float32)
    trained.model.layers[-1].set_weights([kernel, wrong])
    return kernel, bias


@pytest.mark.usefixtures("verified_here")
def test_tampered_export_is_refused_and_leaves_nothing(
    trained, verification_samples, tmp_path, format_of
):
    def export(trained, path):
        right = spoil(trained)
        try:
            return exporter.export(trained, path)
        finally:
            trained.model.layers[-1].set_weights(right)

    with pytest.raises(UserError, match="disagree") as caught:
        export_trained(
            trained, format_of(export), tmp_path / "out.keras", verification_samples
        )
    assert "“model(images, training=False)”" in caught.value.message
    assert ".png" in caught.value.message
    assert listing(tmp_path) == []


def test_certificate_covers_both_signatures(savedmodel):
    found = savedmodel.to_json()["certificate"]
    assert found["passed"] is True
    assert found["samples"] == 32
    assert found["label_agreement"] == 1
    assert found["max_abs_difference"] < 1e-5
    assert found["latency_ms"] > 0
    assert set(found["entries"]) == {"serving_default", "serve_bytes"}
    for each in found["entries"].values():
        assert each["samples"] == 32
        assert each["batch_latency_ms"] > 0


ANSWERS = """
import numpy as np
answers = np.load(path)
def entry(batch):
    if len(batch) == 1:
        return answers[:1], None
    entry.start, start = entry.start + len(batch), entry.start % len(answers)
    return answers[start:start + len(batch)], None
entry.start = 0
"""


@pytest.fixture
def stranger(tmp_path):
    """An export that is loaded by given Python code, so that no runtime is needed."""

    def make(body: str, answers=None) -> ExportedModel:
        load = Snippet("", "python", f"path = @model\n{body.strip()}\n")
        path = tmp_path / "answers.npy"
        np.save(path, np.zeros(1) if answers is None else answers)
        entries = {"model": EntryPoint("pixels", "scores, labels = entry(images)")}
        return ExportedModel(path, load, entries, ())

    return make


@pytest.fixture
def right(trained, verification_samples):
    return trained.scores(verification_samples.pixels)


def test_correct_scores_pass(trained, verification_samples, stranger, right):
    found = verify_export(trained, stranger(ANSWERS, right), verification_samples)
    assert found.max_abs_difference == 0
    assert found.samples == 32


def test_the_other_process_cannot_import_dlstudio(
    trained, verification_samples, stranger, right
):
    body = """
try:
    import dlstudio.errors
except ImportError:
    pass
else:
    raise RuntimeError("dlstudio is there")
"""
    verify_export(
        trained, stranger(body.strip() + ANSWERS, right), verification_samples
    )


def test_one_wrong_score_is_named(trained, verification_samples, stranger, right):
    right[5, 0] += 0.01
    with pytest.raises(UserError, match=r"0\.01") as caught:
        verify_export(trained, stranger(ANSWERS, right), verification_samples)
    assert verification_samples.names[5] in caught.value.message


def test_a_nan_score_is_refused(trained, verification_samples, stranger, right):
    right[3, 1] = np.nan
    with pytest.raises(UserError, match="not a number") as caught:
        verify_export(trained, stranger(ANSWERS, right), verification_samples)
    assert verification_samples.names[3] in caught.value.message


def test_a_wrong_label_alone_is_refused(trained, verification_samples, stranger, right):
    labels = trained.labels(right)
    labels[9] = "cow"
    body = ANSWERS.replace(
        "None\nentry.start", "given[start:start + len(batch)]\nentry.start"
    ).replace("answers[:1], None", "answers[:1], given[:1]")
    body += f"given = np.char.encode({labels!r}, 'utf-8')\n"
    with pytest.raises(UserError, match="label") as caught:
        verify_export(trained, stranger(body, right), verification_samples)
    assert verification_samples.names[9] in caught.value.message


def test_scores_that_are_too_close_to_call_may_swap_labels(
    trained, verification_samples, stranger, monkeypatch
):
    close = np.zeros((32, 4), np.float32)
    close[:, :2] = [0.50001, 0.49999]
    monkeypatch.setattr(trained, "scores", lambda images: close)
    found = verify_export(
        trained, stranger(ANSWERS, close[:, [1, 0, 2, 3]]), verification_samples
    )
    assert found.max_abs_difference < 1e-4


def test_an_earlier_export_is_replaced_when_allowed(
    trained, verification_samples, stranger, right, tmp_path, format_of
):
    place = tmp_path / "place"

    def export(trained, path):
        exported = stranger(ANSWERS, right)
        shutil.copy(exported.path, path)
        return dataclasses.replace(exported, path=path)

    description = dataclasses.replace(format_of(export), extra={"suffix": ".npy"})
    export_trained(trained, description, place / "model", verification_samples)
    names = listing(place)
    assert len(names) == 4
    with pytest.raises(UserError, match="already"):
        export_trained(trained, description, place / "model", verification_samples)
    certificate = place / "model.npy.certificate.json"
    written = certificate.stat().st_mtime_ns
    again = export_trained(
        trained, description, place / "model", verification_samples, replace=True
    )
    # Another file, though its content may be equal: equal models can be equally fast.
    assert certificate.stat().st_mtime_ns != written
    assert is_ours(again.path)
    assert listing(place) == names


def test_too_few_scores_are_refused(trained, verification_samples, stranger, right):
    with pytest.raises(UserError, match="model"):
        verify_export(trained, stranger(ANSWERS, right[:, :3]), verification_samples)


def test_a_crash_is_reported_with_its_message(trained, verification_samples, stranger):
    with pytest.raises(UserError, match="cannot read this"):
        verify_export(
            trained,
            stranger('raise ValueError("cannot read this")'),
            verification_samples,
        )


def test_a_sudden_exit_is_reported(trained, verification_samples, stranger):
    body = "import os; print('out of luck', flush=True); os._exit(9)"
    with pytest.raises(UserError, match="out of luck"):
        verify_export(trained, stranger(body), verification_samples)


def test_a_hanging_process_is_terminated(trained, verification_samples, stranger):
    body = "import time; time.sleep(60)"
    with pytest.raises(UserError, match="timed out"):
        verify_export(trained, stranger(body), verification_samples, timeout_s=1)


def test_stopping_ends_the_other_process(
    trained, verification_samples, stranger, tmp_path, format_of
):
    source = StopSource()
    source.stop()
    place = tmp_path / "place"

    def export(trained, path):
        path.write_bytes(b"model")
        exported = stranger("import time; time.sleep(60)")
        return dataclasses.replace(exported, path=path)

    with pytest.raises(Stopped):
        export_trained(
            trained,
            format_of(export),
            place / "out",
            verification_samples,
            stop=source.token,
        )
    assert listing(place) == []


def test_the_other_process_ends_with_its_parent(tmp_path):
    started = tmp_path / "started"
    load = (
        "import time\nfrom pathlib import Path\n"
        f"Path({str(started)!r}).touch()\ntime.sleep(600)\n"
    )
    (tmp_path / "job.json").write_text(json.dumps({"load": load, "paths": []}))
    process = subprocess.Popen(
        [sys.executable, "-I", str(RUNNER), str(tmp_path)], stdin=subprocess.PIPE
    )
    deadline = time.monotonic() + 200
    while not started.exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    process.stdin.close()
    assert process.wait(200) == 3


@pytest.mark.skipif(os.name == "nt", reason="files of others stay readable there")
def test_no_temporary_files_are_left(
    trained, verification_samples, stranger, right, tmp_path, monkeypatch
):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    verify_export(trained, stranger(ANSWERS, right), verification_samples)
    with pytest.raises(UserError):
        verify_export(trained, stranger("raise ValueError"), verification_samples)
    assert listing(folder) == []
