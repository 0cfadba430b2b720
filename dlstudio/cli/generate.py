"""`generate`: new images of a variational autoencoder, or between two images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument, RunOption, whole_number
from dlstudio.cli.output import Output
from dlstudio.cli.predict_images import check_empty, loaded_image_model
from dlstudio.cli.run_choice import choose_run
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.engine.heads.image_values import Pixels


def generate(
    project: ProjectArgument,
    out: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help=mark("New folder for the PNG files.")),
    ],
    samples: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number(1),
            help=mark("Number of new images."),
        ),
    ] = 16,
    seed: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number(0),
            help=mark("The same seed gives the same images."),
        ),
    ] = 0,
    walk: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="IMAGE IMAGE",
            help=mark("Two images to make images between, instead of random ones."),
        ),
    ] = None,
    steps: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number(2),
            help=mark("Number of images of a walk, both ends among them."),
        ),
    ] = 8,
    run: RunOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make new images with a variational autoencoder."""
    from dlstudio.document.project import reconstructs_images

    output = Output(as_json)
    opened = open_project(project)
    chosen = choose_run(opened, run, output)
    if not reconstructs_images(chosen.project()):
        raise UserError(
            _("This model does not reconstruct images."),
            _("Train a variational autoencoder, such as the template image-vae."),
        )
    check_empty(out)
    model = loaded_image_model(opened, chosen, output)
    from dlstudio.data.images.read import read_image
    from dlstudio.engine.prediction.generation import sample_images, walk_between

    if walk is not None:
        ends = [read_image(path, model.image_spec) for path in walk]
        images, stem = walk_between(model, ends[0], ends[1], steps), "walk"
    else:
        images, stem = sample_images(model, samples, seed), "sample"
    written = _written(images, out, stem)
    if as_json:
        output.json({"run": chosen.id, "images": [str(each) for each in written]})
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
