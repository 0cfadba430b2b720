"""Short titles of the kinds of problems with images, by code."""

from __future__ import annotations

from dlstudio.i18n import marked as mark

IMAGE_TITLES = {
    "backbone-images": mark("images do not fit a backbone"),
    "backbone-scaling": mark("pixels are scaled twice"),
    "backbone-weights": mark("pretrained weights not at hand"),
    "backbone-partial": mark("some weights do not fit"),
    "enlarged": mark("images are enlarged"),
    "flat-image": mark("images of a single color"),
    "mixing-without-labels": mark("images mixed without labels"),
    "no-classes": mark("images without classes"),
    "not-rescaled": mark("pixels are not rescaled"),
    "picture-input": mark("image size mismatch"),
    "reconstruction-activation": mark("activation does not fit images"),
    "reconstruction-shape": mark("output and image differ in size"),
}
