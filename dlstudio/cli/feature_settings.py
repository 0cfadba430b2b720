"""Settings of features from the command line: `data.features.age=number`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dlstudio.cli.typed_values import set_param
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

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
        if known is None:
            raise _no_feature(name, features)
        if any(each.feature == name for each in project.outputs):
            raise UserError(
                _("The model predicts “{name}”.").format(name=name),
                _("Choose another column to predict first, in the window."),
            )
        return SetFeatures(features.without([name])).apply(project)
    if not param:
        kind = _kind(key, text, known is not None, features, catalog)
        column = known.column if known is not None else ""
        same = known is not None and known.kind == kind
        made = known if same else Feature(kind, column)
    else:
        assert known is not None, "names with a parameter are known"
        if param == COLUMN:
            made = Feature(known.kind, text, known.params)
        else:
            params = set_param(catalog[known.kind], known.params, param, text, catalog)
            made = Feature(known.kind, known.column, params)
    assert made is not None
    return SetFeatures(features.set(name, made)).apply(project)


def _kind(
    key: str, text: str, is_known: bool, names: Iterable[str], catalog: Catalog
) -> str:
    """The feature type that is meant.

    Raises:
        UserError: It does not exist; if it may be a parameter, its feature does not.
    """
    try:
        return catalog.find("features", text.strip()).kind
    except UserError:
        name, dot, _param = key.rpartition(".")
        if dot and not is_known:
            raise _no_feature(name, names) from None
        raise


def _no_feature(name: str, names: Iterable[str]) -> UserError:
    from dlstudio.data.near_columns import near_names

    known = list(names)
    near = near_names(name, known)
    hint = (
        _("Did you mean {names}?").format(names=_(", ").join(near))
        if near
        else _("The features are: {names}.").format(names=_(", ").join(known[:20]))
    )
    text = _("There is no feature called “{name}”.")
    return UserError(text.format(name=name), hint)


def check_features(
    before: Project, after: Project, catalog: Catalog, folder: Path
) -> None:
    """Check that new features of a table read columns that it has.

    Args:
        before: The project.
        after: The project with new settings.
        catalog: Describes the sources.
        folder: Folder of the project.

    Raises:
        UserError: A column does not exist.
    """
    from dlstudio.document.project import TABLE_SOURCE

    known = {each.column or name for name, each in before.data.features.items()}
    wanted = [each.column or name for name, each in after.data.features.items()]
    new = [each for each in wanted if each not in known]
    if not new or after.data.source.kind != TABLE_SOURCE:
        return
    from dlstudio.data.near_columns import missing_column
    from dlstudio.data.open_source import open_source

    columns = open_source(after.data.source, catalog, folder).columns
    for each in new:
        if each not in columns:
            raise missing_column(each, columns)
