"""Settings of features from the command line: `data.features.age=number`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.cli.typed_values import set_param
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.project import Project

COLUMN = "column"


def set_feature(project: Project, key: str, text: str, catalog: Catalog) -> Project:
    """The project with one setting of a feature.

    Args:
        project: The project.
        key: The feature's name, perhaps with ".column" or a parameter behind it; a
            name may have dots itself.
        text: A feature type ("" removes the feature), a column or a value.
        catalog: Describes the feature types.

    Raises:
        UserError: There is no such feature or setting, or the value does not fit it.
    """
    from dlstudio.document.edits.project import SetFeatures
    from dlstudio.document.feature import Feature

    features = project.data.features
    name, _dot, param = key.rpartition(".")
    if name not in features:
        name, param = key, ""
    known = features.get(name)
    if not param and not text:
        return SetFeatures(features.without([name])).apply(project)
    if not param:
        kind = catalog.find("features", text.strip()).kind
        column = known.column if known is not None else ""
        same = known is not None and known.kind == kind
        made = known if same else Feature(kind, column)
    elif known is None:
        raise UserError(
            _("There is no feature called “{name}”.").format(name=name),
            _("The features are: {names}.").format(names=", ".join(features)),
        )
    elif param == COLUMN:
        made = Feature(known.kind, text, known.params)
    else:
        params = set_param(catalog[known.kind], known.params, param, text, catalog)
        made = Feature(known.kind, known.column, params)
    assert made is not None
    return SetFeatures(features.set(name, made)).apply(project)
