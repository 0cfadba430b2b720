"""Families of losses and metrics of Keras, by their short names."""

from __future__ import annotations

INDEX_LOSSES = frozenset(
    {"CategoricalGeneralizedCrossEntropy", "SparseCategoricalCrossentropy"}
)
"""Losses that take class numbers in Keras, regardless of their names."""
SOFTMAX_LOSSES = frozenset(
    {
        "CategoricalCrossentropy",
        "CategoricalFocalCrossentropy",
        "CategoricalGeneralizedCrossEntropy",
        "KLDivergence",
        "SparseCategoricalCrossentropy",
    }
)
SIGMOID_LOSSES = frozenset({"BinaryCrossentropy", "BinaryFocalCrossentropy"})
LOGIT_LOSSES = (SOFTMAX_LOSSES | SIGMOID_LOSSES) - {
    "CategoricalGeneralizedCrossEntropy",
    "KLDivergence",
}
"""Losses with a `from_logits` parameter."""
MARGIN_LOSSES = frozenset({"Hinge", "SquaredHinge", "CategoricalHinge"})
NUMBER_METRICS = frozenset(
    {
        "CosineSimilarity",
        "LogCoshError",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError",
        "MeanSquaredError",
        "MeanSquaredLogarithmicError",
        "Poisson",
        "R2Score",
        "RootMeanSquaredError",
    }
)
"""Metrics of Keras that compare numbers."""
FOREIGN_LOSSES = frozenset({"CTC", "Circle"})
"""Losses for sequences and embeddings; no classification head fits them."""
