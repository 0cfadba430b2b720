"""Feature types: what the values of a column can be."""

from __future__ import annotations

from dlstudio.catalog.features.categories import CATEGORIES
from dlstudio.catalog.features.category import CATEGORY
from dlstudio.catalog.features.continuous_text import CONTINUOUS_TEXT
from dlstudio.catalog.features.date import DATE
from dlstudio.catalog.features.image import IMAGE
from dlstudio.catalog.features.number import NUMBER
from dlstudio.catalog.features.tags import TAGS
from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.features.tokens import TOKENS
from dlstudio.catalog.schema import Description

FEATURES: tuple[Description, ...] = (
    IMAGE,
    NUMBER,
    CATEGORY,
    CATEGORIES,
    DATE,
    TEXT,
    TOKENS,
    TAGS,
    CONTINUOUS_TEXT,
)
