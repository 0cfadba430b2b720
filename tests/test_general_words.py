"""What speaks of images or of classes stays where it belongs.

Modules for any kind of data do not name images, pixels or several labels, and rooms and
commands do not name the metrics of classifiers: what differs by type is asked of the
feature types and heads. The files in `support/still_named` list those that do so today;
they only shrink.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

import dlstudio

PACKAGE = Path(dlstudio.__file__).parent
LISTS = Path(__file__).parent / "support" / "still_named"
GENERAL = ("document", "data", "engine", "workers")
IMAGES = re.compile(r"\b(?:pixels?|images?|multi_label)\b", re.IGNORECASE)
OF_IMAGES = (
    # Feature type, and what decodes, scans and prepares images.
    "*/features/image*",
    "data/images/*",
    "data/image_*",
    # Sources of images, and what they find.
    *(
        f"data/sources/{name}.py"
        for name in (
            *("folder*", "idx", "array*", "digits", "csv", "keras_set"),
            *("layout_findings", "unsupported", "other_tasks", "listing_*"),
        )
    ),
    # Templates, checks and exports of models for images.
    "engine/templates/image_*",
    "engine/templates/digits_cnn.py",
    "engine/templates/building_blocks.py",
    "document/image_*",
    "engine/evaluation/*image*",
    "engine/heads/image_values.py",
    "engine/heads/reconstruction*.py",
    "engine/prediction/image_*",
    "engine/prediction/latent.py",
    "engine/prediction/predict_images.py",
    "engine/problems/reconstruction.py",
    "engine/templates/reconstruction_blocks.py",
    "engine/problems/image_*",
    "engine/project/image_*",
    "engine/problems/inputs.py",
    "engine/problems/mirrored_classes.py",
    "engine/problems/unlabeled_images.py",
    "engine/export/formats/read_image.py",
    "engine/export/formats/image_*",
    "engine/export/image_*",
    "engine/evaluation/verdict/augmentation.py",
    "engine/training/fused_normalization.py",
    # Scripts that read images.
    "engine/codegen/*image*",
    "engine/codegen/array_files.py",
    "engine/codegen/imports.py",
    "engine/codegen/listing_writer.py",
    # Imported models: what enters them and leaves them is told from shapes alone.
    "engine/file_import/*",
    "document/import_report.py",
    "workers/model_import.py",
    # Pretrained networks, all of which take images.
    "document/backbone*.py",
    "engine/model/backbone*.py",
    "document/preset_config.py",
    "engine/model/hub_*.py",
    "engine/model/preset_*.py",
    "engine/codegen/backbone_layers.py",
    "engine/codegen/hub_layers.py",
    "engine/introspection/applications.py",
    "engine/problems/backbones.py",
    "engine/evaluation/verdict/pretrained.py",
    "workers/pretrained.py",
    # The gallery and what it shows, and jobs on images.
    "workers/image_*",
    "workers/thumbnails.py",
    "workers/augmentation_preview.py",
    # Heads of classes, to which several labels belong, and Keras' own argument.
    "engine/heads/multi_label.py",
    "engine/heads/class*.py",
    "engine/heads/output_head.py",
    "engine/codegen/plan.py",
    # Pixels of the canvas, and images of drawings.
    "document/canvas/*",
    "document/drawing/*",
    "engine/drawing/*",
    "document/graph.py",
    "document/layout.py",
    "document/new_node.py",
)
EXPLAINED = {
    "data/split_names.py": "what people call the folders of splits",
    "data/tables/header.py": "what people call the columns of tables",
    "document/migrations.py": "files of older versions, when all data was images",
    "document/plan.py": "the columns of a project that names none, as at first",
    "document/project.py": "which projects are of images alone, asked by many modules",
    "document/sample_nouns.py": "what samples are called, in one place",
    "document/several_labels.py": "a key of JSON that programs read",
    "engine/introspection/keras_api.py": "a module of Keras that describes layers",
    "engine/problems/shape_mismatch.py": "what Keras calls four dimensions",
}
"""Modules that need the words, each with the reason."""
SHOWING = ("ui", "workers", "cli")
CLASSES = re.compile(r"confusion|accuracy", re.IGNORECASE)
OF_CLASSES = (
    "ui/heads/class*",
    "ui/widgets/confusion_matrix.py",
    "cli/class_report.py",
    # The share of tokens that a language model guesses.
    "cli/language_report.py",
)


def named(
    packages: tuple[str, ...], words: re.Pattern[str], allowed: tuple[str, ...]
) -> Iterator[str]:
    """Modules of packages with one of the words that are not allowed to have it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name.split("/")[0] not in packages:
            continue
        if any(fnmatch(name, pattern) for pattern in allowed):
            continue
        if words.search(path.read_text("utf-8")):
            yield name


GUARDS = {
    "images": (GENERAL, IMAGES, (*OF_IMAGES, *EXPLAINED)),
    "classes": (SHOWING, CLASSES, OF_CLASSES),
}


def listed(guard: str) -> list[str]:
    """The modules that name these words today."""
    return (LISTS / f"{guard}.txt").read_text("utf-8").split()


@pytest.mark.parametrize("guard", GUARDS)
def test_no_other_module_names_them(guard: str) -> None:
    new = set(named(*GUARDS[guard])) - set(listed(guard))
    assert not new, "ask the feature type or the head, or speak of samples and values"


@pytest.mark.parametrize("guard", GUARDS)
def test_a_module_that_names_them_no_more_leaves_the_list(guard: str) -> None:
    assert listed(guard) == sorted(set(listed(guard)))
    assert not set(listed(guard)) - set(named(*GUARDS[guard])), "take it off the list"


def test_each_exception_is_for_something() -> None:
    names = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")]
    for pattern in (*OF_IMAGES, *EXPLAINED, *OF_CLASSES):
        # Types that are described before all of their parts are there.
        if pattern not in ("*/features/image*", "ui/heads/class*"):
            assert any(fnmatch(name, pattern) for name in names), pattern


def test_a_word_is_found_anywhere() -> None:
    assert IMAGES.search("def f(images): ...") and IMAGES.search("# of an image")
    assert not IMAGES.search("image_spec") and CLASSES.search("val_accuracy")
