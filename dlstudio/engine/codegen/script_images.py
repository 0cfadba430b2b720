"""What a script needs to know of images and their labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from dlstudio.data.features.base import Fitted
from dlstudio.data.features.image import FORM
from dlstudio.data.images.spec import ImageSpec, image_spec
from dlstudio.document.feature import Feature
from dlstudio.document.plan import IMAGE, LABEL
from dlstudio.document.project import IMAGE_TYPE, RECONSTRUCTION, Project
from dlstudio.engine.codegen.image_listing import ImageListing
from dlstudio.engine.codegen.image_split_writer import split_call
from dlstudio.engine.features.feature_script import FeatureScript
from dlstudio.engine.features.image_script import decoder_name, decoder_rows
from dlstudio.errors import UserError
from dlstudio.i18n import _

MEANINGS = (
    (LABEL, "dlstudio.heads.classification"),
    (LABEL, "dlstudio.heads.multi_label"),
    (IMAGE, RECONSTRUCTION),
)
"""What a script trains a model to predict, and its head."""
CATEGORY = "dlstudio.features.category"


@dataclass(frozen=True, eq=False, slots=True)
class ScriptImages:
    """See `ScriptData`: images of a source, and their labels.

    Attributes:
        listing: The images.
        spec: The form in which they enter the model.
        features, fitted, scripts, target_values: As of `ScriptData`.
    """

    listing: ImageListing
    spec: ImageSpec
    features: Mapping[str, Feature]
    fitted: Mapping[str, Fitted]
    scripts: Mapping[str, FeatureScript]
    target_values: int

    @property
    def sizes(self) -> Mapping[str, int]:
        """Images of each split."""
        return self.listing.sizes

    @property
    def fills(self) -> bool:
        """No image is filled with anything."""
        return False

    @property
    def loading(self) -> tuple[str, ...]:
        """The calls of the functions that list, read and split images."""
        if self.listing.in_files:
            gives = "images, given" if self.listing.listed_splits else "images"
            rows = [
                f"{gives} = list_images()",
                "images, pixels = read_images(images)",
            ]
        else:
            rows = ["images, pixels = load_images()"]
        return (
            *rows,
            f"splits = {split_call(self.listing)}",
            "inputs, targets = prepare(images, pixels)",
        )

    @property
    def results(self) -> Mapping[str, str]:
        """The names that the studio's own export gives."""
        several = f"{LABEL}_labels"
        return {
            f"{LABEL}_scores": "scores",
            f"{LABEL}_label": "labels",
            several: "labels",
        }


def script_images(project: Project, listing: ImageListing) -> ScriptImages:
    """What a script needs to know of images for the model as it is.

    Args:
        project: Takes one image.
        listing: Of its images.

    Raises:
        UserError: The model takes images in a form that a script does not make.
    """
    spec = image_spec(project.model, project.data.source)
    if spec.value_range is not None and listing.in_files:
        raise UserError(_("A script does not set the values of black and white."))
    if (project.output.feature, project.head) not in MEANINGS:
        raise UserError(_("A script does not train a model of images for this."))
    name = decoder_name(spec)
    serve = f"tf.map_fn({name}, {{value}}, fn_output_signature=tf.uint8)"
    names = listing.samples.classes
    values = len(names) if listing.samples.has_several_labels else 1
    return ScriptImages(
        listing,
        spec,
        {IMAGE: Feature(IMAGE_TYPE), LABEL: Feature(CATEGORY)},
        {IMAGE: {FORM: spec.to_json()}, LABEL: {"names": list(names)}},
        {
            IMAGE: FeatureScript(serve=(serve,), helpers=(decoder_rows(name, spec),)),
            LABEL: FeatureScript(names=names),
        },
        prod(spec.shape) if project.output.feature == IMAGE else values,
    )
