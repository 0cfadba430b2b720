"""`train`: train the project's model, or resume a run."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.check import refuse_mistakes
from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument, whole_number
from dlstudio.cli.output import Output
from dlstudio.cli.settings import with_settings
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.engine.runs.store import Run
    from dlstudio.engine.runtime.stop_token import StopToken
    from dlstudio.engine.training.trainer import TrainerDependencies


def train(
    project: ProjectArgument,
    epochs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=whole_number(1),
            help=mark("Number of epochs, instead of the plan's."),
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="plan.key=value",
            help=mark(
                "Setting for this run only, such as plan.batch_size=64 or "
                "plan.optimizer.learning_rate=0.01; can be repeated."
            ),
        ),
    ] = None,
    resume: Annotated[
        str,
        typer.Option(
            metavar="RUN",
            help=mark("Resume a stopped run, given by its number, ID or name."),
        ),
    ] = "",
    no_evaluate: Annotated[
        bool,
        typer.Option(
            "--no-evaluate",
            help=mark("Do not evaluate the model after training."),
        ),
    ] = False,
    download: Annotated[
        bool,
        typer.Option(
            "--download",
            help=mark(
                "Download the pretrained weights that the model begins with, if they "
                "are not at hand."
            ),
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Train the project's model."""
    from dlstudio.cli.pretrained_weights import download_weights
    from dlstudio.cli.training import Training
    from dlstudio.document.edits.project import SetPlan
    from dlstudio.document.plan import CHILD
    from dlstudio.document.project_lock import ProjectLock
    from dlstudio.engine.subprocess_training.trainer import SubprocessTrainer

    output = Output(as_json)
    opened = open_project(project)
    wanted = with_settings(
        opened.project, settings or (), opened.catalog, opened.folder
    )
    if epochs is not None:
        wanted = SetPlan("epochs", epochs).apply(wanted)
    if download and not resume:
        download_weights(wanted, output)
    training = Training(opened, output, show_events=as_json)
    beside = wanted.plan.process == CHILD

    def work(token: StopToken, dependencies: TrainerDependencies) -> Run:
        from dlstudio.engine.training.trainer import Trainer

        if not resume:
            progress = training.preparing
            samples = refuse_mistakes(wanted, opened, output, progress, token)
            dependencies = replace(dependencies, prepare=lambda _project: samples)
        if beside:
            child = SubprocessTrainer(
                wanted,
                opened.folder,
                training.see,
                token,
                progress=training.preparing,
            )
            return child.train(resume, epochs)
        trainer = Trainer(
            wanted, opened.folder, opened.catalog, training.see, token, dependencies
        )
        return trainer.train(resume, epochs)

    # A child process holds the lock itself.
    lock = nullcontext() if beside else ProjectLock(opened.folder, _("training"))
    with lock:
        run = training.watch(work)
    training.report(run, evaluate=not no_evaluate)
