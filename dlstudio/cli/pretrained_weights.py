"""`train --download`: published weights that a project begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlstudio.catalog.backbones import PublishedWeights
    from dlstudio.catalog.store import Catalog
    from dlstudio.cli.output import Output
    from dlstudio.document.project import Project


def download_weights(project: Project, catalog: Catalog, output: Output) -> None:
    """Download the published weights that are not at hand.

    Args:
        project: Its model may have pretrained backbones.
        catalog: Describes layers.
        output: Shows the progress.

    Raises:
        UserError: A download fails.
    """
    from dlstudio.engine.model.published_weights import place_of
    from dlstudio.engine.model.weights_download import download

    for weights in _published(project, catalog):
        if place_of(weights).exists():
            continue
        output.note(
            _("Downloading {file} (about {size:.0f} MB)…").format(
                file=weights.file, size=max(weights.megabytes, 1)
            )
        )
        with output.progress(weights.file) as report:
            download(weights, report)


def _published(project: Project, catalog: Catalog) -> Iterator[PublishedWeights]:
    from dlstudio.document.backbone import BackboneConfig, is_pretrained
    from dlstudio.engine.model.backbone_weights import published
    from dlstudio.engine.shapes.graph import ShapeInference

    nodes = [n for n in project.model.nodes.values() if is_pretrained(n)]
    configs = {node.id: BackboneConfig.of(node.params) for node in nodes}
    if all(each.own_file for each in configs.values()):
        return
    shapes = ShapeInference().infer(project.model, catalog, project.graphs)
    for id, config in configs.items():
        if config.own_file or not shapes[id].inputs:
            continue
        try:
            yield published(config, shapes[id].inputs[0].shape[1])
        except UserError:
            continue  # none are published, as the checks say
