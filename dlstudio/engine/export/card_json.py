"""The JSON form of a model card, field by field."""

from __future__ import annotations

from typing import Any, TypedDict


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


class CardInput(TypedDict):
    """An input of a model of features.

    Attributes:
        argument: The feature's name as an argument.
        type: Kind of the feature's type.
        shape: Of one row; [] for a number or a string.
        range: Smallest and largest number of the training split; None of others.
        names: Known names of categories; None of others.
        meaning: What the values mean, for people.
        fill: What a missing value becomes; None where it is a value of its own.
    """

    feature: str
    argument: str
    type: str
    dtype: str
    shape: list[int | None]
    range: list[float] | None
    names: list[str] | None
    meaning: str
    fill: float | str | None


class CardTags(TypedDict, total=False):
    """What only outputs with a tag for each token have.

    Attributes:
        tags: In the order of the scores.
        length: Tokens of a sentence that have tags; those behind have none.
    """

    tags: list[str]
    length: int


class CardTokens(TypedDict, total=False):
    """What is said of outputs that are texts, or tokens of a text.

    Attributes:
        tokens: In the order of their probabilities.
        dtype: Data type of a result that is a text.
    """

    tokens: list[str]
    dtype: str


class CardOutput(CardTags, CardTokens):
    """An output of a model of features.

    Attributes:
        head: Kind of the head.
        result: Name of the result with the number, or the scores.
        label: Name of the result with the label; "" if there is none.
        classes: In the order of the scores; empty where numbers are predicted.
        threshold: The lowest probability of a predicted label; None where the most
            likely class is predicted.
    """

    feature: str
    head: str
    result: str
    label: str
    classes: list[str]
    threshold: float | None


class FeatureCardJson(TypedDict):
    """See `feature_card`.

    Attributes:
        entries: What each entry point takes, "rows" as they stand in a table, or
            "encoded" ones as in training.
        evaluation: Of each output the metrics; None if the run was not evaluated.
    """

    kind: str
    version: int
    name: str
    format: str
    created: str
    task: str
    inputs: list[CardInput]
    outputs: list[CardOutput]
    entries: dict[str, str]
    data: CardData
    training: CardTraining
    evaluation: dict[str, Any] | None
    certificate: CardCertificate
