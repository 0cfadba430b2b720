"""What a script needs to know of a long text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.features.base import Fitted, load_feature_type
from dlstudio.data.open_source import open_source
from dlstudio.data.samples import SPLITS
from dlstudio.data.table_rows import feature_of
from dlstudio.data.text_windows import WindowCells
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.engine.codegen.long_text_reader import (
    LongTextReading,
    long_text_reading,
)
from dlstudio.engine.features.feature_script import FeatureScript
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, eq=False, slots=True)
class ScriptLongText:
    """See `ScriptData`: windows of a long text.

    Attributes:
        reading: How the script reads them.
        feature: Name of the only feature.
        features, fitted, scripts, sizes: As of `ScriptData`.
    """

    reading: LongTextReading
    feature: str
    features: Mapping[str, Feature]
    fitted: Mapping[str, Fitted]
    scripts: Mapping[str, FeatureScript]
    sizes: Mapping[str, int]

    fills = False
    target_values = 1

    @property
    def loading(self) -> tuple[str, ...]:
        """The call of the function that reads and splits the text."""
        return ("inputs, splits = read_windows()",)

    @property
    def results(self) -> Mapping[str, str]:
        """No result of an export is called otherwise."""
        return {}


def script_long_text(
    project: Project, folder: Path, catalog: Catalog
) -> ScriptLongText:
    """Read a project's long text, and find how a script reads it.

    Args:
        project: Its data is a long text.
        folder: Of the project, to which the path is relative.
        catalog: Describes source and feature.

    Raises:
        UserError: The text cannot be read, or not by a script.
    """
    recipe = project.data
    samples = open_source(recipe.source, catalog, folder)
    ((name, cells),) = samples.columns.items()
    if not isinstance(cells, WindowCells):
        raise UserError(_("The data is no long text."))
    if recipe.split.mode != "folders" or recipe.leave_out or recipe.moved:
        raise UserError(
            _("A script splits a long text as its source does, and leaves nothing out.")
        )
    feature = next(iter(recipe.features), name)
    described = feature_of(recipe, feature)
    if described.column not in ("", name):
        raise UserError(_("The data is no long text."))
    params = {**catalog[recipe.source.kind].defaults(), **recipe.source.params}
    learned = load_feature_type(catalog[described.kind]).fit(
        cells.windows, np.flatnonzero(samples.splits == SPLITS[0]), described
    )
    return ScriptLongText(
        reading=long_text_reading(params, folder, cells, samples.splits),
        feature=feature,
        features={feature: described},
        fitted={feature: learned},
        scripts={feature: FeatureScript()},
        sizes={name: int((samples.splits == name).sum()) for name in SPLITS},
    )
