"""The Typer application with all commands and options."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Callable, Collection
from typing import Annotated, Any

import typer

from dlstudio import __version__
from dlstudio.cli.check import check
from dlstudio.cli.diff import diff
from dlstudio.cli.doctor import doctor
from dlstudio.cli.draw import draw
from dlstudio.cli.evaluate import evaluate
from dlstudio.cli.export import export
from dlstudio.cli.file_types import file_types
from dlstudio.cli.generate import generate
from dlstudio.cli.gui import gui
from dlstudio.cli.import_model import import_model
from dlstudio.cli.layers import SUBCOMMANDS
from dlstudio.cli.listings import formats, layers, sources, templates
from dlstudio.cli.new import new
from dlstudio.cli.predict import predict
from dlstudio.cli.read_script import read_script
from dlstudio.cli.reproduce import reproduce
from dlstudio.cli.runs import runs
from dlstudio.cli.scan import scan
from dlstudio.cli.script import script
from dlstudio.cli.set_command import set_settings
from dlstudio.cli.source_options import fill_sources
from dlstudio.cli.summary import summary
from dlstudio.cli.train import train
from dlstudio.cli.trust import trust
from dlstudio.cli.verdict import verdict
from dlstudio.cli.vocabulary import vocabulary
from dlstudio.cli.words import words
from dlstudio.engine.export.unfinished_exports import recover
from dlstudio.i18n import DOMAIN, _, locale_folder, translator
from dlstudio.i18n import marked as mark

COMMANDS: dict[Callable[..., None], str] = {
    gui: mark("Open the window."),
    new: mark("Create a project from a template and your own data."),
    import_model: mark("Make a project of a Keras model: .keras, .h5, JSON."),
    trust: mark("Show the Python code of a project, and trust it."),
    scan: mark("Check data and find what is unusable or suspicious."),
    check: mark("Find problems before training, and apply fixes."),
    set_settings: mark("List or change the settings of a project."),
    train: mark("Train the model of a project."),
    runs: mark("List the runs of a project."),
    reproduce: mark("Repeat a run and compare the result with its record."),
    evaluate: mark("Evaluate a trained model."),
    verdict: mark("Show what a run has learned and what to try next."),
    predict: mark("Predict images, rows of tables, or values."),
    generate: mark("Continue a text, or make new images, with a trained model."),
    words: mark(
        "Show neighbours, analogies and scores of word vectors, or export them."
    ),
    export: mark("Export a trained model and verify the export."),
    summary: mark("Show the layers, parameters and cost of a model."),
    vocabulary: mark("Show the words that a layer looks up, and how often they occur."),
    draw: mark("Draw the model as SVG, PNG or PDF."),
    script: mark("Print the model as a Keras script."),
    read_script: mark("Read a Keras script into a project, without running it."),
    diff: mark("Show how two projects or runs differ."),
    templates: mark("List the templates for new projects."),
    sources: mark("List the data sources."),
    formats: mark("List the export formats."),
    file_types: mark("Let the file manager open Keras models with the window."),
    doctor: mark(
        "Show information about this machine: versions, GPUs, Qt, memory, disk."
    ),
}

NAMES = {
    file_types: "file-types",
    import_model: "import",
    read_script: "read-script",
    set_settings: "set",
}
"""Command names that differ from their function's name."""

# Typer's own texts, so that they are translated with the rest.
TYPER_TEXTS = (
    mark("Options"),
    mark("Arguments"),
    mark("Commands"),
    mark("Error"),
    mark("required"),
    mark("[required]"),
    mark("default: {default}"),
    mark("[default: {}]"),
    mark("Missing command."),
    mark("No such command {name!r}."),
)


def make_app(arguments: Collection[str]) -> Any:
    """The root command, in the current language, to be called with arguments.

    Args:
        arguments: Those it will be called with. Building the options of a command takes
            milliseconds, so only those of commands that are named there are built; of
            the others, the list of commands needs no more than the help.
    """
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode="rich" if sys.stdout.isatty() else None,
    )
    about = mark("From your data to a trained and verified TensorFlow model.")
    app.callback(help=about)(_main)
    for function, about in COMMANDS.items():
        name = NAMES.get(function, function.__name__)
        called = function if name in arguments else _not_called
        app.command(name=name, help=about)(called)
    _add_layers(app)
    _translate_typer()
    command = typer.main.get_command(app)
    _translate(command)
    return command


def _not_called() -> None:
    raise AssertionError("a command that is called is named in the arguments")


def _add_layers(app: typer.Typer) -> None:
    """Add `layers`, which lists layers; its subcommands change those of a project."""
    group = typer.Typer(invoke_without_command=True, no_args_is_help=False)
    about = mark("List the available layers, or change those of a project.")
    group.callback(help=about)(layers)
    for name, (function, about) in SUBCOMMANDS.items():
        group.command(name=name, help=about)(function)
    app.add_typer(group, name="layers")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dlstudio {__version__}")
        raise typer.Exit


def _main(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help=mark("Show the version and exit."),
        ),
    ] = False,
    lang: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help=mark(
                "Language, such as en or zh_CN. Also the variable DLSTUDIO_LANG."
            ),
        ),
    ] = "",
) -> None:
    """Options of all commands; the language is set before parsing."""
    recover()


def _translate(command: Any) -> None:
    """Translate the help of a command, its options and its subcommands."""
    command.help = _(command.help) if command.help else command.help
    for param in command.params:
        text = getattr(param, "help", None)
        if text:
            param.help = fill_sources(_(text))
    _translate_help_option(command)
    for each in getattr(command, "commands", {}).values():
        _translate(each)


def _translate_help_option(command: Any) -> None:
    """Translate the help option, which Typer creates in English on first use."""
    make = command.get_help_option

    def translated(context: object) -> Any:
        option = make(context)
        if option is not None:
            option.help = _("Show this message and exit.")
        return option

    command.get_help_option = translated


def _translate_typer() -> None:
    """Let Typer, which uses Python's gettext, find its texts in our translations."""
    os.environ["LANGUAGE"] = translator.language
    gettext.bindtextdomain(DOMAIN, str(locale_folder()))
    gettext.textdomain(DOMAIN)
