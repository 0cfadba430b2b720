"""Requests and results of activation jobs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlstudio.document.project import MODEL, Project
from dlstudio.workers.activation_jobs import (
    Activation,
    ActivationRequest,
    compute_activation,
)


class FakeActivationReader:
    """Returns the request."""

    def read(self, request: ActivationRequest) -> dict[str, Any]:
        values = np.full((2, 2), request.sample)
        return {"values": values, "run": "r1", "outputs": 3, "label": "seven"}


def test_the_result_names_its_node() -> None:
    request = ActivationRequest(Project(), MODEL, "conv", None, sample=7)
    found = compute_activation(
        None, SimpleNamespace(activation_reader=FakeActivationReader()), request
    )
    assert isinstance(found, Activation)
    assert (found.node, found.run, found.outputs) == ("conv", "r1", 3)
    assert found.values.tolist() == [[7, 7], [7, 7]]
    assert (found.label, found.preview, found.sample) == ("seven", None, "")


def test_equal_requests_compare_equal() -> None:
    assert ActivationRequest(Project(), MODEL, "conv", None) == ActivationRequest(
        Project(), MODEL, "conv", None
    )
    assert ActivationRequest(Project(), MODEL, "conv", None) != ActivationRequest(
        Project(), MODEL, "pool", None
    )
