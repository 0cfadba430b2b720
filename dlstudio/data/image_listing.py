"""Reading the images that a table names as images alone, without its other columns."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.columns import Cells
from dlstudio.data.features.inference import infer_columns
from dlstudio.data.samples import Samples
from dlstudio.document.project import IMAGE_TYPE
from dlstudio.document.values import FrozenMap, Spec, Value
from dlstudio.errors import UserError
from dlstudio.i18n import _

LISTING = "dlstudio.sources.csv"
SHARED = ("path", "image_folder", "split_column", "encoding", "delimiter")
"""Parameters that a table has as well if it is read as a list of images."""
SUFFIXES = (".csv", ".tsv", ".txt")


def image_columns(samples: Samples, catalog: Catalog) -> tuple[str, ...]:
    """Names of the columns of a table that name images.

    Args:
        samples: The rows of the table.
        catalog: Describes the feature types.
    """
    cells = {n: c for n, c in samples.columns.items() if isinstance(c, Cells)}
    inferred = infer_columns(cells, catalog)
    return tuple(name for name, each in inferred.items() if each.kind == IMAGE_TYPE)


def as_image_listing(source: Spec, column: str) -> Spec:
    """A table read as a list of images without labels.

    Args:
        source: The table.
        column: The column that names the images.

    Raises:
        UserError: The table is no text file.
    """
    path = str(source.params.get("path") or "")
    if Path(path).suffix.lower() not in SUFFIXES:
        raise UserError(
            _(
                "An autoencoder reads images from a folder or a CSV table, not {path}."
            ).format(path=path),
            _("Save the table as CSV, or use the folder of the images."),
        )
    params: dict[str, Value] = {
        name: source.params[name] for name in SHARED if source.params.get(name)
    }
    return Spec(
        LISTING, FrozenMap({**params, "file_column": column, "unlabeled": True})
    )
