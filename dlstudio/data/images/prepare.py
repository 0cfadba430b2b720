"""Preparing data: each image is decoded and resized once, into a mapped file.

The file is keyed by its inputs (path, size and modification time of each image, or its
content) and settings. Interrupted work is resumed; changed images are decoded again,
unchanged ones are copied from earlier sets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.data.images.cache.cache_builder import FORMAT, BuiltCache, CacheBuilder
from dlstudio.data.images.cache.row_journal import contents_of
from dlstudio.data.images.samples import images_of, labeled
from dlstudio.data.images.spec import ImageSpec
from dlstudio.data.parallel import Progress, ShouldStop
from dlstudio.data.prepared import Prepared
from dlstudio.data.recipe import absent, apply_recipe
from dlstudio.data.samples import Samples
from dlstudio.data.split import split
from dlstudio.document.plan import IMAGE, LABEL, DataRecipe
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.paths import user_errors

PREPARED_IMAGES = "pictures"
"""The cache folder of prepared sets."""


def prepare_images(
    opened: Samples,
    recipe: DataRecipe,
    spec: ImageSpec,
    cache: Path,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
    *,
    classified: bool = False,
) -> Prepared:
    """Prepare images in the form that a model expects.

    Args:
        opened: All samples of the source.
        recipe: Split, excluded and relabelled samples.
        spec: See `image_spec`.
        cache: Cache folder, which may be deleted at any time.
        progress: Called with the number of prepared and of all images.
        should_stop: Checked often; True stops the work, which can be resumed later.
        classified: Whether classes are predicted, so that images without one are of no
            use where others have some.

    Raises:
        UserError: There is no usable image, or the cache cannot be written (a full
            disk, say).
        Stopped: `should_stop` returned True.
    """
    samples = apply_recipe(opened, recipe)
    samples, unlabeled = labeled(samples) if classified else (samples, ())
    root, project = cache / PREPARED_IMAGES, cache.parent
    making = CacheBuilder(
        samples.ids, images_of(samples), spec, root, project, progress, should_stop
    )
    with user_errors(cache, writing=True):
        made = making.run()
    if made.images is None:
        raise _nothing_left(made)
    kept = samples.take(made.entries["row"].astype(np.int64))
    contents = contents_of(made.entries)
    return Prepared(
        rows={IMAGE: made.images, LABEL: kept.labels},
        fitted={LABEL: {"names": list(kept.classes)}},
        ids=kept.ids,
        splits=split(kept, recipe.split, contents, recipe.moved),
        fingerprint=_fingerprint(kept, contents, recipe, spec),
        skipped=(*absent(opened, recipe), *unlabeled, *made.skipped),
    )


def _nothing_left(made: BuiltCache) -> UserError:
    name, reason = made.skipped[0]
    return UserError(
        ngettext(
            "The only image cannot be used. {name}: {reason}",
            "None of the {count} images can be used. {name}: {reason}",
            len(made.skipped),
        ).format(count=len(made.skipped), name=name, reason=reason),
        _("Scan the data to see what is wrong with each image."),
    )


def _fingerprint(
    samples: Samples, contents: Sequence[bytes], recipe: DataRecipe, spec: ImageSpec
) -> str:
    split_plan = recipe.split
    settings: dict[str, Any] = {
        "format": FORMAT,
        "spec": spec.to_json(),
        "classes": samples.classes,
        "split": [
            split_plan.mode,
            split_plan.validation,
            split_plan.test,
            split_plan.seed,
            split_plan.stratify,
        ],
    }
    if split_plan.group_by:
        grouped = [
            split_plan.group_by,
            split_plan.group_level,
            split_plan.group_pattern,
        ]
        settings["groups"] = grouped
    if recipe.moved:
        settings["moved"] = sorted(recipe.moved.items())
    total = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for name, content, part in zip(samples.ids, contents, samples.splits, strict=True):
        total.update(f"{name}\0{part}\0".encode() + content)
    total.update(np.ascontiguousarray(samples.labels).tobytes())
    return total.hexdigest()
