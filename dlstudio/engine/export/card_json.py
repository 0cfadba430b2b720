"""The JSON form of a model card, field by field."""

from __future__ import annotations

from typing import Any, TypedDict


class CardFormats(TypedDict):
    """Formats of encoded images that the export's own entry decodes, or does not."""

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
    """What the verification found; see `Certificate`."""

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
        entries: What each entry takes, "pixels" or "bytes".
        evaluation: What the run's report says; None where it was not evaluated.
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
