"""The JSON form of the model card of a model that tells classes of images."""

from __future__ import annotations

from typing import Any, TypedDict

from dlstudio.engine.export.card_json import CardCertificate, CardData, CardTraining


class CardFormats(TypedDict):
    """Image formats that the export's bytes entry decodes or does not decode."""

    decoded: list[str]
    not_decoded: list[str]


class CardJson(TypedDict):
    """See `model_card`.

    Attributes:
        input: How images are prepared (see `ImageSpec`), and the tensor's shape,
            dtype and range.
        threshold: The lowest probability of a predicted label, of two classes of the
            second one; None where the most likely class is predicted.
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
    threshold: float | None
    input: dict[str, object]
    outputs_are_logits: bool
    entries: dict[str, str]
    picture_formats: CardFormats
    data: CardData
    training: CardTraining
    evaluation: dict[str, Any] | None
    certificate: CardCertificate
