"""The layers that templates put behind an input of names."""

from __future__ import annotations

import math

from dlstudio.catalog.schema import Description
from dlstudio.data.features.base import load_feature_type
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.input_branch import (
    BranchInput,
    BranchLayer,
    InputBranch,
)

FEW_VALUES = 30
"""Names of at most as many values are one-hot, others embedded."""
UNKNOWN = 2
"""Tokens besides the names: one for unknown names, one for the missing one."""


def name_branch(description: Description, given: BranchInput) -> InputBranch:
    """The branch of names: looked up, then one-hot or embedded.

    Args:
        description: Of the feature type.
        given: What is known of the feature.
    """
    distinct = given.count()
    form = load_feature_type(description).input_form(given.feature, distinct)
    lookup = BranchLayer("lookup", "StringLookup")
    return InputBranch(form, (lookup, *_encoded(distinct)), distinct, codes=lookup.stem)


def _encoded(distinct: int) -> tuple[BranchLayer, ...]:
    tokens = distinct + UNKNOWN
    if distinct <= FEW_VALUES:
        one_hot = FrozenMap({"num_tokens": tokens, "output_mode": "one_hot"})
        return (BranchLayer("encoding", "CategoryEncoding", one_hot),)
    sizes = FrozenMap({"input_dim": tokens, "output_dim": embedding_size(distinct)})
    return (
        BranchLayer("embedding", "Embedding", sizes),
        BranchLayer("flatten", "Flatten"),
    )


def embedding_size(distinct: int) -> int:
    """Numbers per category, growing with about the root of how many there are."""
    return min(32, max(4, round(1.6 * math.pow(distinct, 0.56))))
