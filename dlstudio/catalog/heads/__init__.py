"""Heads: what an output of a model means."""

from __future__ import annotations

from dlstudio.catalog.heads.classification import CLASSIFICATION
from dlstudio.catalog.heads.language_model import LANGUAGE_MODEL
from dlstudio.catalog.heads.multi_label import MULTI_LABEL
from dlstudio.catalog.heads.reconstruction import RECONSTRUCTION
from dlstudio.catalog.heads.regression import REGRESSION
from dlstudio.catalog.heads.sequence_to_sequence import SEQUENCE_TO_SEQUENCE
from dlstudio.catalog.heads.token_classification import TOKEN_CLASSIFICATION
from dlstudio.catalog.schema import Description

HEADS: tuple[Description, ...] = (
    CLASSIFICATION,
    MULTI_LABEL,
    REGRESSION,
    RECONSTRUCTION,
    TOKEN_CLASSIFICATION,
    LANGUAGE_MODEL,
    SEQUENCE_TO_SEQUENCE,
)
