"""Words as points of a plane, near one another if their vectors are alike."""

from __future__ import annotations

import numpy as np

from dlstudio.engine.words.word_vectors import Floats, WordVectors

COMPONENTS, NEIGHBOURS = "pca", "tsne"
FEWEST_FOR_TSNE = 10
"""Words below which t-SNE has no neighbours to keep."""
BEGUN_WITH = 30
"""Dimensions that t-SNE begins with."""


def word_map(vectors: WordVectors, method: str, most: int) -> Floats:
    """Places of the first words, which are the most frequent ones.

    Args:
        vectors: Words with vectors.
        method: "pca" (principal components, fast) or "tsne" (keeps neighbours).
        most: How many words.

    Returns:
        float32 (words, 2); the same for the same vectors.
    """
    from sklearn.decomposition import PCA

    units = vectors.units[:most]
    if method == NEIGHBOURS and len(units) >= FEWEST_FOR_TSNE:
        from sklearn.manifold import TSNE

        reduced = min(BEGUN_WITH, *units.shape)
        first = PCA(reduced, random_state=0).fit_transform(units)
        perplexity = min(30.0, (len(units) - 1) / 3)
        made = TSNE(2, perplexity=perplexity, init="pca", random_state=0)
        return np.asarray(made.fit_transform(first), np.float32)
    if min(units.shape) < 2:
        return np.zeros((len(units), 2), np.float32)
    return np.asarray(PCA(2, random_state=0).fit_transform(units), np.float32)
