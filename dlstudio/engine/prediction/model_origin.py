"""Where a trained model comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.runs.store import Run


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """The origin of a model, for reports and model cards; plain data.

    Attributes:
        run: The run's id.
        project: What the user calls the project.
        task: What reports call the head.
        source: The data source's kind.
        fingerprint: Of the data it was trained on.
        metrics: Those of the last (or best) epoch, by name.
        versions: Of Python and the libraries that trained it.
    """

    run: str = ""
    project: str = ""
    task: str = ""
    source: str = ""
    fingerprint: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


def model_facts(run: Run, project: Project, catalog: Catalog) -> ModelFacts:
    """The origin of a run's model.

    Args:
        run: With a trained model.
        project: The run's.
        catalog: Describes the heads.
    """
    known = {k: v for k, v in run.record.metrics.items() if math.isfinite(v)}
    return ModelFacts(
        run=run.id,
        project=project.name,
        task=_task_of(project.head, catalog),
        source=project.data.source.kind,
        fingerprint=str(run.record.data.get("fingerprint", "")),
        metrics=known,
        versions={name: str(value) for name, value in run.record.versions.items()},
    )


def _task_of(head: str, catalog: Catalog) -> str:
    """What reports call a head; those of the first versions by their old names."""
    return str(catalog.find("heads", head).extra.get("task", head))
