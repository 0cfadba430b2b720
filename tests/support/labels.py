"""Labels that the user has corrected."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.plan import LABEL
from dlstudio.document.values import FrozenMap, Params


def relabeled(names: Mapping[str, str]) -> FrozenMap[str, Params]:
    """For the `changed` of a recipe, from sample ids and labels."""
    return FrozenMap((id, FrozenMap({LABEL: name})) for id, name in names.items())
