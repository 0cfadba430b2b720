"""`generate`: text that a language model writes, or images of an autoencoder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dlstudio.cli.generate_images import generate_images
from dlstudio.cli.generate_text import generate_text
from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument, RunOption, whole_number
from dlstudio.cli.output import Output
from dlstudio.cli.run_choice import choose_run
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark


def generate(
    project: ProjectArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help=mark("New folder for the PNG files of new images.")
        ),
    ] = None,
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
            help=mark("The same seed gives the same text or images."),
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
    prompt: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help=mark("Text that a language model continues.")
        ),
    ] = None,
    length: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=whole_number(1),
            help=mark("Characters or words to write."),
        ),
    ] = 200,
    temperature: Annotated[
        float,
        typer.Option(
            metavar="X",
            min=0,
            help=mark("How freely to draw: 0 always takes the likeliest, 1 is usual."),
        ),
    ] = 0.8,
    top_k: Annotated[
        int,
        typer.Option(
            metavar="K",
            parser=whole_number(0),
            help=mark("Draw only from the K likeliest; 0 for all."),
        ),
    ] = 0,
    top_p: Annotated[
        float,
        typer.Option(
            metavar="P",
            min=0,
            max=1,
            help=mark("Draw only from the likeliest with this probability in all."),
        ),
    ] = 1.0,
    stop: Annotated[
        str,
        typer.Option(metavar="TEXT", help=mark("Stop before this text.")),
    ] = "",
    run: RunOption = "",
    as_json: JsonOption = False,
) -> None:
    """Continue a text, or make new images, with a trained model."""
    from dlstudio.document.token_choice import Decoding

    output = Output(as_json)
    opened = open_project(project)
    chosen = choose_run(opened, run, output)
    head = opened.catalog.search("heads", chosen.project().head)
    if head is not None and head.extra.get("generates") == "text":
        decoding = Decoding(length, temperature, top_k, top_p, seed, stop)
        generate_text(opened, chosen, prompt or "", decoding, output)
        return
    if prompt is not None:
        raise UserError(
            _("This model does not write text."),
            _("Train a language model, such as the template generate-lstm."),
        )
    generate_images(
        opened, chosen, out, output, samples=samples, seed=seed, walk=walk, steps=steps
    )
