"""Opening a recipe's data source."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.schema import Description
from dlstudio.catalog.source_hints import SET_SOURCE
from dlstudio.catalog.store import Catalog
from dlstudio.data.data_source import load_source
from dlstudio.data.samples import Samples
from dlstudio.document.values import Spec, thaw
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject


def open_source(spec: Spec, catalog: Catalog, base: Path) -> Samples:
    """The samples of a source.

    Args:
        spec: A kind of the family "sources" with parameters.
        catalog: Catalog with its description.
        base: Folder of the project, to which paths are relative.

    Raises:
        UserError: The source does not exist, or its data cannot be read.
    """
    if not spec.kind:
        raise UserError(
            _("The project has no data yet."),
            _(SET_SOURCE),
        )
    description = catalog[spec.kind]
    if description.family != "sources":
        raise UserError(_("“{kind}” is not a data source.").format(kind=spec.kind))
    source = load_source(description)
    samples = source.read(_params(description, spec), base)
    return samples if source.complete is None else source.complete(samples, spec)


def preview_source(spec: Spec, catalog: Catalog, base: Path) -> Samples | None:
    """Some samples of a source that takes long to read; None if not supported.

    Args:
        spec: A kind of the family "sources" with parameters.
        catalog: Catalog with its description.
        base: Folder of the project, to which paths are relative.
    """
    description = catalog.get(spec.kind)
    if description is None or description.family != "sources":
        return None
    preview = load_source(description).preview
    if preview is None:
        return None
    try:
        return preview(_params(description, spec), base)
    except (UserError, OSError):
        return None  # opening it will report the error


def _params(description: Description, spec: Spec) -> JsonObject:
    """Defaults overlaid with the spec's parameters, whose names are checked."""
    for name in spec.params:
        if description.param(name) is None:
            raise UserError(
                _("The source “{kind}” has no parameter “{name}”.").format(
                    kind=description.name, name=name
                )
            )
    params = {**description.defaults(), **{k: thaw(v) for k, v in spec.params.items()}}
    for param in description.params:
        if param.required and not params.get(param.name):
            raise UserError(
                _("The source “{kind}” needs “{name}”.").format(
                    kind=description.name, name=param.name
                ),
                _(param.summary),
            )
    return params
