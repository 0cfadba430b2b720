"""A feature: a named column of the samples, with its type."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlstudio.document.values import CHECKED, FrozenMap, ParamsOf


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of the samples as the user has confirmed it.

    Attributes:
        kind: A description of family "features", such as "dlstudio.features.number".
        column: Name of the source's column; "" where the feature is called the same.
        params: What differs from the type's defaults, such as how missing values are
            filled.
    """

    __pydantic_config__ = CHECKED

    kind: str
    column: str = ""
    params: ParamsOf = field(default_factory=FrozenMap)
