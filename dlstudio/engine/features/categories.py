"""Several names in one cell: an input takes a 0 or 1 for each known name."""

from __future__ import annotations

from dlstudio.catalog.features.categories import CATEGORIES as DESCRIPTION
from dlstudio.data.features.base import Fitted
from dlstudio.document.feature import Feature
from dlstudio.engine.features.categories_script import categories_script
from dlstudio.engine.features.encoded_rows import encoded_rows
from dlstudio.engine.features.names_text import listed
from dlstudio.i18n import _


def _meaning(fitted: Fitted, feature: Feature) -> str:
    del feature
    text = _("A 0 or 1 for each name, in this order: {names}.")
    return text.format(names=listed(fitted["names"]))


CATEGORIES = encoded_rows(DESCRIPTION, _meaning, categories_script)
