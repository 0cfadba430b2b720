"""The images that cells name: decoded once, into the cache, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from dlstudio.data.columns import Cells, Column, Fitted, Rows
from dlstudio.data.features.stored_values import CachePlace, StoredRows, ValueForm
from dlstudio.data.images.columns import Files, PixelBlocks
from dlstudio.data.images.spec import ImageSpec, image_spec, input_spec
from dlstudio.data.prepared import Prepared
from dlstudio.data.samples import Samples
from dlstudio.document.graph import Graph
from dlstudio.document.plan import DataRecipe
from dlstudio.document.values import Spec
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject
from dlstudio.paths import user_errors


class _ImageFiles:
    """See `StoredValues`: rows are uint8 (n, height, width, channels)."""

    def absent(self, cells: Cells, certainty: float) -> bool:
        """Whether most cells have the extension of images, and few are there."""
        from dlstudio.data.features.image_cells import NOT_THERE, names_images

        return 0 < certainty <= NOT_THERE and names_images(cells)

    def form(self, graph: Graph, input: str, source: Spec) -> ImageSpec:
        """Size and channels that an input takes, or what resizes behind it."""
        return input_spec(graph, input, source) if input else image_spec(graph, source)

    def learned(self, form: ValueForm) -> JsonObject:
        """The form."""
        from dlstudio.data.features.image import FORM

        return {FORM: form.to_json()}

    def size(self, column: Column) -> tuple[int | None, ...]:
        """Height, width and channels; grey images among others have three channels."""
        from dlstudio.data.features.image_sizes import image_forms

        assert isinstance(column, Files)
        forms = set(image_forms(column))
        sides = [{form[axis] for form in forms} for axis in range(3)]
        height, width, channels = (
            each.pop() if len(each) == 1 else None for each in sides
        )
        if channels is None and forms:
            channels = 3
        return height, width, channels

    def paths(self, column: Column) -> Sequence[str]:
        """The absolute paths of the files."""
        assert isinstance(column, Files)
        return column.paths

    def preview(self, row: Rows, side: int) -> str:
        """The image."""
        from dlstudio.data.images.png import png_text

        return png_text(np.asarray(row), side)

    def row_bytes(self, fitted: Fitted) -> int:
        """A byte for each value of each pixel."""
        from dlstudio.data.features.image import form_of

        return prod(form_of(fitted).shape)

    def read(self, column: Column, fitted: Fitted) -> tuple[Rows, dict[int, str]]:
        """Images, black where there is no file or it cannot be read."""
        from dlstudio.data.features.image import read_images

        assert isinstance(column, Files)
        return read_images(column, fitted)

    def prepare(
        self,
        name: str,
        ids: Sequence[str],
        column: Column,
        form: ValueForm,
        place: CachePlace,
    ) -> StoredRows:
        """Images decoded and resized; see `StoredValues.prepare`."""
        from dlstudio.data.images.cache.cache_builder import CacheBuilder
        from dlstudio.data.images.cache.row_journal import contents_of
        from dlstudio.data.images.prepare import PREPARED_IMAGES

        assert isinstance(column, (Files, PixelBlocks)) and isinstance(form, ImageSpec)
        builder = CacheBuilder(
            ids,
            column,
            form,
            place.folder / PREPARED_IMAGES,
            place.folder.parent,
            place.progress,
            place.should_stop,
        )
        with user_errors(place.folder, writing=True):
            built = builder.run()
        if built.images is None:
            raise _none_left(name, built.skipped)
        usable = np.zeros(len(ids), bool)
        usable[built.entries["row"].astype(np.int64)] = True
        contents = tuple(contents_of(built.entries))
        skipped = tuple(_named(name, built.skipped))
        return StoredRows(built.images, contents, usable, skipped)

    def prepare_alone(
        self,
        opened: Samples,
        recipe: DataRecipe,
        form: ValueForm,
        place: CachePlace,
        classified: bool,
    ) -> Prepared:
        """Images of a source of images; see `prepare_images`."""
        from dlstudio.data.images.prepare import prepare_images

        assert isinstance(form, ImageSpec)
        return prepare_images(
            opened,
            recipe,
            form,
            place.folder,
            place.progress,
            place.should_stop,
            classified=classified,
        )


def _none_left(name: str, skipped: tuple[tuple[str, str], ...]) -> UserError:
    reason = next((reason for _row, reason in skipped), "")
    return UserError(
        _("None of the images of “{name}” can be used.").format(name=name)
        + f" {reason}".rstrip(),
        _("Scan the data to see what is wrong with each image."),
    )


def _named(
    name: str, skipped: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, str]]:
    """Rows that are left out, with the feature's name in the reason."""
    for row, reason in skipped:
        text = _("The image of “{name}” cannot be used.").format(name=name)
        yield row, f"{text} {reason}"


IMAGE_FILES = _ImageFiles()
