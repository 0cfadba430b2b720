"""`generate` with an autoencoder: new images, or images between two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.cli.predict_images import check_empty, loaded_image_model
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from dlstudio.engine.heads.image_values import Pixels
    from dlstudio.engine.runs.store import Run


def generate_images(
    opened: OpenedProject,
    run: Run,
    out: Path | None,
    output: Output,
    *,
    samples: int,
    seed: int,
    walk: tuple[Path, Path] | None,
    steps: int,
) -> None:
    """Make new images with a variational autoencoder.

    Args:
        opened: The project.
        run: Of the project; has a trained model.
        out: New folder for the images.
        output: Output to print to.
        samples: Number of new images.
        seed: The same one gives the same images.
        walk: Two images to make images between; None for new images.
        steps: Images of the walk.

    Raises:
        UserError: The model does not reconstruct images, or the folder is not empty.
    """
    from dlstudio.document.project import reconstructs_images

    if not reconstructs_images(run.project()):
        raise UserError(
            _("This model makes neither text nor images."),
            _(
                "Train a language model or a variational autoencoder, such as the "
                "templates generate-lstm and image-vae."
            ),
        )
    if out is None:
        raise UserError(
            _("There is no folder for the new images."),
            _("Name a new one: --out FOLDER."),
        )
    check_empty(out)
    model = loaded_image_model(opened, run, output)
    from dlstudio.data.images.read import read_image
    from dlstudio.engine.prediction.image_generation import sample_images, walk_between

    if walk is not None:
        ends = [read_image(path, model.image_spec) for path in walk]
        images, stem = walk_between(model, ends[0], ends[1], steps), "walk"
    else:
        images, stem = sample_images(model, samples, seed), "sample"
    written = _written(images, out, stem)
    if output.as_json:
        output.json({"run": run.id, "images": [str(each) for each in written]})
        return
    text = ngettext(
        "{count} image is in {folder}.", "{count} images are in {folder}.", len(written)
    )
    output.text(text.format(count=len(written), folder=out))


def _written(images: Pixels, folder: Path, stem: str) -> list[Path]:
    """The images as files, numbered."""
    from dlstudio.data.images.png import write_png

    width = len(str(len(images)))
    paths = []
    for number, image in enumerate(images, 1):
        path = folder / f"{stem}_{number:0{width}}.png"
        write_png(image, path)
        paths.append(path)
    return paths
