"""The layers that templates put behind an input of texts beside other columns."""

from __future__ import annotations

from dlstudio.catalog.features.text import TEXT
from dlstudio.data.columns import Texts
from dlstudio.data.features.base import load_feature_type
from dlstudio.document.values import FrozenMap
from dlstudio.engine.features.input_branch import (
    BranchInput,
    BranchLayer,
    InputBranch,
)
from dlstudio.engine.features.text_profile import TextProfile

FILTERS, WIDTH = 128, 4


def text_branch(given: BranchInput) -> InputBranch:
    """The branch of texts: words, vectors of these, and convolutions on them."""
    profile = TextProfile()
    if isinstance(given.column, Texts):
        profile = TextProfile.of(
            given.column.values,
            segmented=given.feature.params.get("segmentation") == "words",
        )
    convolution = {
        "filters": FILTERS,
        "kernel_size": WIDTH,
        "activation": "relu",
    }
    return InputBranch(
        load_feature_type(TEXT).input_form(given.feature, None),
        (
            profile.words(),
            profile.embedding(),
            BranchLayer("dropout", "Dropout", FrozenMap({"rate": 0.2})),
            BranchLayer("phrases", "Conv1D", FrozenMap(convolution)),
            BranchLayer("strongest", "GlobalMaxPooling1D"),
        ),
        deep=True,
        template="dlstudio.templates.text-and-table",
        alone="dlstudio.templates.text-cnn",
    )
