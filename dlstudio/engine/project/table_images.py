"""Size and channels of the images that a table names, for the checks."""

from __future__ import annotations

import numpy as np

from dlstudio.data.columns import Cells
from dlstudio.data.features.image import IMAGE
from dlstudio.data.features.image_sizes import LOOKED_AT, image_forms
from dlstudio.data.images.columns import Files
from dlstudio.data.samples import Samples
from dlstudio.document.project import IMAGE_TYPE, Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.problems.dataset_statistics import ImageDimensions


def table_images(project: Project, opened: Samples) -> FrozenMap[str, ImageDimensions]:
    """What is known of the images of each feature, by some of them.

    Args:
        project: With the features that enter the model.
        opened: All rows of the table.
    """
    found = {}
    for binding in project.inputs:
        feature = project.data.features.get(binding.feature)
        if feature is None or feature.kind != IMAGE_TYPE:
            continue
        cells = opened.columns.get(feature.column or binding.feature)
        if isinstance(cells, Cells):
            some = np.arange(0, len(cells), max(1, len(cells) // LOOKED_AT))
            files = IMAGE.parse(cells.take(some), feature).column
            assert isinstance(files, Files)
            found[binding.feature] = image_dimensions(files)
    return FrozenMap(found)


def image_dimensions(files: Files) -> ImageDimensions:
    """Size and channels, None where images differ.

    Args:
        files: Of a feature.
    """
    forms = set(image_forms(files))
    sides = [{form[axis] for form in forms} for axis in range(3)]
    height, width, channels = (each.pop() if len(each) == 1 else None for each in sides)
    if channels is None and forms:
        channels = 3  # grey images among others
    return ImageDimensions(height, width, channels)
