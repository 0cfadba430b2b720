"""Jobs on pretrained networks: whether one suits the data, its download, its model.

None of them needs TensorFlow but for presets of KerasHub, and only `fetch` uses the
network.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dlstudio.catalog.backbones import PROPOSED, PublishedWeights
from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import is_pretrained
from dlstudio.document.graph import Graph
from dlstudio.document.project import Project
from dlstudio.workers.jobs import Cancelled, JobContext, ReportingContext
from dlstudio.workers.progress import Progress, ThrottledProgress


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """Published weights, and where they are kept.

    Attributes:
        network: Name of the network; "" if only the file matters.
        weights: What is published.
        path: In Keras' cache.
        at_hand: Whether the file is there.
    """

    network: str
    weights: PublishedWeights
    path: Path
    at_hand: bool

    @property
    def folder(self) -> Path:
        """Where its files are kept; a preset has several."""
        return self.path if self.weights.handle else self.path.parent


@dataclass(frozen=True, slots=True)
class PretrainedOffer:
    """Networks that suit the images of a project.

    Attributes:
        project: That has a model trained from scratch.
        images: How many there are.
        files: Of each network, the smallest first.
    """

    project: Project
    images: int
    files: tuple[WeightsFile, ...]


def find_offer(
    _context: JobContext, catalog: Catalog, project: Project, folder: Path
) -> PretrainedOffer | None:
    """The networks that suit a project's images; None if it is better without.

    Args:
        catalog: Describes sources.
        project: As it was made for its data.
        folder: Of the project.

    Raises:
        UserError: The data cannot be read.
    """
    from dlstudio.data.open_source import open_source
    from dlstudio.data.row_ids import RowIds
    from dlstudio.engine.templates.context import context_of
    from dlstudio.engine.templates.image_pretrained import (
        published_weights,
        suits_pretrained,
    )

    source = project.data.source
    if not source.kind or any(map(is_pretrained, project.model.nodes.values())):
        return None
    samples = open_source(source, catalog, folder)
    if isinstance(samples.ids, RowIds):
        return None
    context = context_of(project.name, source, samples)
    if not suits_pretrained(context):
        return None
    pairs = ((name, published_weights(name)) for name in PROPOSED)
    files = tuple(_file(name, weights) for name, weights in pairs if weights)
    return PretrainedOffer(project, context.samples, files) if files else None


def missing_files(_context: JobContext, graph: Graph) -> tuple[WeightsFile, ...]:
    """The published weights that a model begins with and that are not at hand."""
    from dlstudio.engine.model.published_weights import missing_weights

    return tuple(_file("", each) for each in missing_weights(graph))


def fetch(context: ReportingContext[Progress], files: tuple[WeightsFile, ...]) -> None:
    """Download files that are not at hand, and check them; reports bytes.

    Args:
        context: Of the job; a cancelled download goes on later where it ended.
        files: With published weights.

    Raises:
        UserError: There is no connection, the disk is full, or a file is damaged.
        Cancelled: The job was cancelled.
    """
    from dlstudio.engine.model.weights_download import download

    report = ThrottledProgress(context)
    for each in files:
        expected = round(each.weights.megabytes * 1e6)

        def progress(done: int, total: int, expected: int = expected) -> None:
            if context.should_stop():
                raise Cancelled
            report(done, total or max(done, expected))

        download(each.weights, progress)


def make_pretrained(
    _context: JobContext, catalog: Catalog, project: Project, folder: Path, network: str
) -> Project:
    """The project that a pretrained network gives for a project's images.

    Args:
        catalog: Describes templates and sources.
        project: That has the images.
        folder: Of the project.
        network: Name of the network.

    Raises:
        UserError: The data cannot be read.
    """
    from dlstudio.data.open_source import open_source
    from dlstudio.engine.templates import make_project
    from dlstudio.engine.templates.context import context_of
    from dlstudio.engine.templates.image_pretrained import PRETRAINED

    source = project.data.source
    samples = open_source(source, catalog, folder)
    context = context_of(project.name, source, samples)
    return make_project(catalog[PRETRAINED], replace(context, network=network))


def _file(network: str, weights: PublishedWeights) -> WeightsFile:
    from dlstudio.engine.model.published_weights import at_hand, place_of

    return WeightsFile(network, weights, place_of(weights), at_hand(weights))
