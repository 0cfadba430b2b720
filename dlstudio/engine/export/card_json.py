"""The JSON form of a model card, field by field."""

from __future__ import annotations

from typing import Any, TypedDict


class CardFormats(TypedDict):
    """Image formats that the export's bytes entry decodes or does not decode."""

    decoded: list[str]
    not_decoded: list[str]


class CardData(TypedDict):
    """The data the model was trained on."""

    source: str
    fingerprint: str


class CardTraining(TypedDict):
    """The run, its last metrics, and the versions of the libraries."""

    run: str
    metrics: dict[str, float]
    versions: dict[str, str]


class CardCertificate(TypedDict):
    """The verification results; see `Certificate`."""

    passed: bool
    samples: int
    drawn_from: dict[str, int]
    max_abs_difference: float
    label_agreement: float
    size_bytes: int
    latency_ms: float
    versions: dict[str, str]


class CardJson(TypedDict):
    """See `model_card`.

    Attributes:
        input: How images are prepared (see `ImageSpec`), and the tensor's shape,
            dtype and range.
        entries: The input of each entry point, "pixels" or "bytes".
        evaluation: The run's report; None if it was not evaluated.
    """

    kind: str
    version: int
    name: str
    format: str
    created: str
    task: str
    classes: list[str]
    multi_label: bool
    input: dict[str, object]
    outputs_are_logits: bool
    entries: dict[str, str]
    picture_formats: CardFormats
    data: CardData
    training: CardTraining
    evaluation: dict[str, Any] | None
    certificate: CardCertificate
