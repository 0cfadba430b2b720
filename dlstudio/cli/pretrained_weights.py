"""`train --download`: published weights that a project begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.cli.output import Output
    from dlstudio.document.project import Project


def download_weights(project: Project, output: Output) -> None:
    """Download the published weights that are not at hand.

    Args:
        project: Its model may have pretrained backbones.
        output: Shows the progress.

    Raises:
        UserError: A download fails.
    """
    from dlstudio.engine.model.published_weights import missing_weights
    from dlstudio.engine.model.weights_download import download

    for weights in missing_weights(project.model):
        output.note(
            _("Downloading {file} (about {size:.0f} MB)…").format(
                file=weights.file, size=max(weights.megabytes, 1)
            )
        )
        with output.progress(weights.file) as report:
            download(weights, report)
