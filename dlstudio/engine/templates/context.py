"""The context of a template: project name, source and what is known of the data."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio.catalog.backbones import DEFAULT
from dlstudio.document.plan import NO_SOURCE
from dlstudio.document.values import Spec
from dlstudio.engine.templates.image_forms import image_forms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlstudio.catalog.store import Catalog
    from dlstudio.data.samples import Samples
    from dlstudio.document.feature import Feature
    from dlstudio.engine.templates.table_features import TableFeatures

SAMPLE_SIZE = 300


@dataclass(frozen=True, slots=True)
class TemplateContext:
    """The data that a template is adapted to.

    Attributes:
        source: The data source, as in the data recipe.
        height, width: Size of a typical sample of two dimensions.
        varying: Whether these sizes differ.
        channels: 1 if all samples are grey, else 3.
        class_names: Empty if unknown.
        has_several_labels: Whether a sample may have any number of labels.
        has_splits: Whether the source defines training and test splits.
        table: The columns of a table; None where samples are no rows of one.
        latent: Size of the latent vector of templates that have one; 0 for one that
            fits the samples.
        network: Of templates with a pretrained network.
    """

    name: str
    source: Spec = NO_SOURCE
    classes: int = 10
    samples: int = 1000
    height: int = 32
    width: int = 32
    varying: bool = False
    channels: int = 3
    has_several_labels: bool = False
    has_splits: bool = False
    class_names: tuple[str, ...] = ()
    table: TableFeatures | None = None
    latent: int = 0
    network: str = DEFAULT


def context_of(name: str, source: Spec, samples: Samples) -> TemplateContext:
    """Create a context from the samples' labels and the size of some samples.

    Args:
        name: Name of the project.
        source: The data source of the samples.
        samples: The opened source; at most `SAMPLE_SIZE` samples are looked at.
    """
    forms = image_forms(samples, SAMPLE_SIZE)
    heights = [form[0] for form in forms] or [32]
    widths = [form[1] for form in forms] or [32]
    return TemplateContext(
        name=name,
        source=source,
        classes=len(samples.classes),
        samples=len(samples),
        height=round(statistics.median(heights)),
        width=round(statistics.median(widths)),
        varying=len({form[:2] for form in forms}) > 1,
        channels=1 if forms and all(form[2] == 1 for form in forms) else 3,
        has_several_labels=samples.has_several_labels,
        has_splits=bool((samples.splits != "").any()),
        class_names=samples.classes,
    )


def table_context(
    name: str,
    source: Spec,
    samples: Samples,
    features: Mapping[str, Feature],
    targets: Mapping[str, str],
    catalog: Catalog,
) -> TemplateContext:
    """Create a context from the parsed columns of a table.

    Args:
        name: Name of the project.
        source: The data source of the samples.
        samples: Their columns are parsed and go by the names of the features.
        features: Types and settings of the columns that are used.
        targets: The features to predict, with the kind of their head.
        catalog: Describes the types of features.
    """
    # Other data needs a context as soon as it is dropped, and none of this.
    from dlstudio.engine.templates.table_features import table_features

    return TemplateContext(
        name=name,
        source=source,
        samples=len(samples),
        has_splits=bool((samples.splits != "").any()),
        table=table_features(samples.columns, features, targets, catalog),
    )
