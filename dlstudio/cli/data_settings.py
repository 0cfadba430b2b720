"""Settings of the data recipe from the command line, parsed and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.feature_settings import set_feature
from dlstudio.cli.typed_values import field_value, set_param
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.catalog.store import Catalog
    from dlstudio.document.plan import DataRecipe
    from dlstudio.document.project import Project

LISTS = ("leave_out", "checked")
"""Lists of names; "leave_out+" adds to one, "leave_out-" takes away from it."""
RELABEL = "relabel"
"""The class of a sample: "relabel.NAME"."""
MOVED = "moved"
"""The split of a sample: "moved.NAME"."""


def set_data(
    project: Project, key: str, text: str, catalog: Catalog, folder: Path
) -> Project:
    """A copy of the project with one data setting changed.

    Args:
        folder: Folder of the project, to which paths are made relative.

    Raises:
        UserError: The setting does not exist, or the value does not fit it.
    """
    from dlstudio.data.split import check_split
    from dlstudio.document.edits.project import SetData

    if key == "source":
        return _use_source(project, text, catalog, folder)
    head, _dot, rest = key.partition(".")
    if head == "source":
        return _set_source_param(project, rest, text, catalog)
    if head == RELABEL:
        return _relabel(project, rest, text)
    if head == "features" and rest:
        return set_feature(project, rest, text, catalog)
    field = head if head == MOVED else key.rstrip("+-")
    changed = SetData(field, _value(project.data, key, text)).apply(project)
    check_split(changed.data.split)
    return changed


def _value(recipe: DataRecipe, key: str, text: str) -> object:
    """A setting's value in its JSON form."""
    value = field_value(text)
    head, _dot, name = key.partition(".")
    if head == MOVED and name:
        known = dict(recipe.moved)
        known.pop(name, None)
        return {**known, name: text} if text else known
    field, sign = key.rstrip("+-"), key[-1]
    if field not in LISTS:
        return value
    if sign not in "+-":
        whole = isinstance(value, list)
        return value if whole else [word.strip() for word in text.split(",") if word]
    names = value if isinstance(value, list) else [text]
    known_names = getattr(recipe, field)
    if sign == "+":
        return list(dict.fromkeys([*known_names, *names]))
    return [each for each in known_names if each not in names]


def _relabel(project: Project, id: str, text: str) -> Project:
    """The class of one sample, or of all: a JSON object of ids and classes."""
    from dlstudio.document.edits.project import ChangeValues
    from dlstudio.document.plan import LABEL
    from dlstudio.document.values import FrozenMap

    if id:
        values = {id: text or None}
    else:
        given = field_value(text)
        if not isinstance(given, dict):
            raise UserError(
                _("“{name}” cannot be {value}: {reason}.").format(
                    name=RELABEL, value=repr(given), reason=_("it is not an object")
                )
            )
        before = dict.fromkeys(project.data.changed_values(LABEL))
        values = {**before, **{str(key): str(each) for key, each in given.items()}}
    return ChangeValues(LABEL, FrozenMap(values)).apply(project)


def _set_source_param(
    project: Project, name: str, text: str, catalog: Catalog
) -> Project:
    from dlstudio.document.edits.project import SetData
    from dlstudio.document.values import Spec

    source = project.data.source
    if not source.kind:
        raise UserError(
            _("The project has no data yet."),
            _("Set data.source to the path of your data."),
        )
    params = set_param(catalog[source.kind], source.params, name, text, catalog)
    return SetData("source", Spec(source.kind, params)).apply(project)


def _use_source(project: Project, text: str, catalog: Catalog, folder: Path) -> Project:
    """Use another source; settings of the old samples are reset."""
    from dlstudio.cli.archives import is_archive, unpack_into
    from dlstudio.cli.opened_project import source_of
    from dlstudio.cli.output import Output
    from dlstudio.data.open_source import open_source
    from dlstudio.data.relative_paths import relative_source
    from dlstudio.document.source_edits import fitting_head, use_source

    path = Path(text).expanduser()
    if is_archive(path):
        text = str(unpack_into(folder, path, catalog, Output()))
    source = relative_source(source_of(text, catalog), folder, catalog)
    samples = open_source(source, catalog, folder)
    head = fitting_head(catalog, project.head, samples.has_several_labels)
    has_splits = bool((samples.splits != "").any())
    return use_source(source, has_splits, head).apply(project)
