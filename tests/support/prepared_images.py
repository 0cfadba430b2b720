"""Opening a source of images and preparing it, in one step."""

from __future__ import annotations

from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.prepare import prepare_images
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.open_source import open_source
from dlstudio.data.parallel import Progress, ShouldStop
from dlstudio.data.prepared import Prepared
from dlstudio.document.plan import DataRecipe


def prepare(
    recipe: DataRecipe,
    spec: ImageSpec,
    catalog: Catalog,
    base: Path,
    cache: Path,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> Prepared:
    """The images of a recipe, prepared; see `prepare_images`."""
    opened = open_source(recipe.source, catalog, base)
    return prepare_images(opened, recipe, spec, cache, progress, should_stop)
