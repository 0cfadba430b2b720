"""A pretrained network instead of one trained from scratch, as edits of a project."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.store import Catalog
from dlstudio.data.images.spec import image_spec
from dlstudio.document.edits.base import Edit
from dlstudio.document.project import Project
from dlstudio.document.sample_nouns import IMAGES, sample_noun
from dlstudio.document.several_labels import SEVERAL_LABELS
from dlstudio.document.starter_edits import use_model
from dlstudio.document.verdict import ACCURACY, MICRO_F1, Verdict
from dlstudio.engine.runs.store import Run
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.image_pretrained import PRETRAINED, suits_pretrained
from dlstudio.errors import UserError

GOOD = 0.95
"""From this value on, no other model is proposed."""


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """The data of a run.

    Attributes:
        images: How many there are in all splits; 0 if unknown.
        class_names: Of the classes.
        has_several_labels: Whether an image may have any number of labels.
    """

    images: int = 0
    class_names: tuple[str, ...] = ()
    has_several_labels: bool = False

    @classmethod
    def of(cls, run: Run) -> TrainedOn:
        """What is in a run's record."""
        data = run.record.data
        splits, names = data.get("splits"), data.get("classes")
        counts = splits.values() if isinstance(splits, dict) else ()
        return cls(
            sum(each for each in counts if isinstance(each, int)),
            tuple(map(str, names)) if isinstance(names, (list, tuple)) else (),
            bool(data.get(SEVERAL_LABELS)),
        )


UNKNOWN = TrainedOn()


def could_improve(verdict: Verdict) -> bool:
    """Whether classes were told apart, and not nearly always rightly."""
    found = verdict.comparison
    if found is None or found.metric not in (ACCURACY, MICRO_F1):
        return False
    return found.value < GOOD


def pretrained_edits(
    project: Project, catalog: Catalog, trained_on: TrainedOn
) -> tuple[Edit, ...]:
    """Edits that let a project begin with a pretrained network; none if it should not.

    Args:
        project: Its model may have been trained from scratch.
        catalog: Describes templates and heads.
        trained_on: The data of its run.
    """
    begun = any(each.kind == BACKBONE for each in project.model.nodes.values())
    if begun or sample_noun(project, catalog) != IMAGES:
        return ()
    try:
        height, width, _channels = image_spec(project.model).shape
    except UserError:
        return ()
    context = TemplateContext(
        name=project.name,
        source=project.data.source,
        classes=len(trained_on.class_names),
        samples=trained_on.images,
        height=height,
        width=width,
        varying=True,
        has_several_labels=trained_on.has_several_labels,
        class_names=trained_on.class_names,
    )
    if not trained_on.images or not suits_pretrained(context):
        return ()
    return use_model(make_project(catalog[PRETRAINED], context), catalog)
