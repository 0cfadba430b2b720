"""`reproduce`: train a run again and compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument, RunOption
from dlstudio.cli.output import Output
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.runtime.stop_token import StopToken
    from dlstudio.engine.training.reproduction import Reproduction
    from dlstudio.engine.training.trainer import TrainerDependencies


def reproduce(
    project: ProjectArgument, run: RunOption = "", as_json: JsonOption = False
) -> None:
    """Train a run again and compare; the exit status is 1 if anything differs."""
    from dlstudio.cli.training import Training
    from dlstudio.document.project_lock import ProjectLock

    output = Output(as_json)
    opened = open_project(project)
    training = Training(opened, output)

    def work(token: StopToken, dependencies: TrainerDependencies) -> Reproduction:
        from dlstudio.engine.training.reproduction import reproduce

        return reproduce(
            opened.folder, run, opened.catalog, training.see, token, dependencies
        )

    with ProjectLock(opened.folder, _("reproducing a run")):
        comparison = training.watch(work)
    if as_json:
        output.json(comparison.to_json())
    else:
        _show(output, comparison)
    if comparison.outcome == "cancelled":
        raise typer.Exit(130)
    if not comparison.identical:
        raise typer.Exit(1)


def _show(output: Output, comparison: Reproduction) -> None:
    names = {"run": comparison.run, "again": comparison.again}
    if comparison.identical:
        output.text(
            _("{again} is identical to {run}: all weights and metrics match.").format(
                **names
            ),
            "green",
        )
        return
    output.text(_("{again} differs from {run}.").format(**names), "yellow")
    rows = [(_("weights"), f"{comparison.weights_difference:.3g}")]
    rows += [(n, f"{v:.3g}") for n, v in comparison.metrics_difference.items()]
    output.table((_("Metric"), _("Largest difference")), rows, numbers=(1,))
    for name, (before, now) in comparison.versions.items():
        output.text(
            _("{name} was {before}, now it is {now}.").format(
                name=name, before=before, now=now
            )
        )
    if not comparison.versions:
        output.text(
            _(
                "On a GPU, identical results require the setting "
                "plan.deterministic=true."
            )
        )
