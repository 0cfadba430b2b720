"""Which widget shows which section of a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from dlstudio.document.entity_sections import (
    EntityTable,
    TypeMatrix,
    WorstTaggedRows,
)
from dlstudio.document.feature_sections import (
    GroupMetrics,
    Importance,
    PartialDependence,
)
from dlstudio.document.image_sections import (
    ErrorHistogram,
    ImageWalk,
    Reconstructions,
    SampledImages,
    WorstImages,
)
from dlstudio.document.language_sections import Continuations, TokenSurprise
from dlstudio.document.report_sections import MetricsOfReport, Residuals, WorstRows
from dlstudio.ui.heads.continuation_section import ContinuationSection
from dlstudio.ui.heads.dependence_section import DependenceSection
from dlstudio.ui.heads.entity_sections import (
    EntitySection,
    TypeMatrixSection,
    WorstTaggedSection,
)
from dlstudio.ui.heads.error_section import ErrorSection
from dlstudio.ui.heads.groups_section import GroupsSection
from dlstudio.ui.heads.importance_section import ImportanceSection
from dlstudio.ui.heads.metrics_section import MetricsSection
from dlstudio.ui.heads.pairs_section import PairsSection, WorstPairsSection
from dlstudio.ui.heads.residuals_section import ResidualsSection
from dlstudio.ui.heads.samples_section import SamplesSection
from dlstudio.ui.heads.section import ReportSection
from dlstudio.ui.heads.surprise_section import SurpriseSection
from dlstudio.ui.heads.walk_section import WalkSection
from dlstudio.ui.heads.worst_section import WorstSection
from dlstudio.ui.theme.tokens import Theme

MakeSection = Callable[[Theme, Mapping[str, Any], QWidget | None], ReportSection]

SECTIONS: Mapping[str, MakeSection] = {
    MetricsOfReport.NAME: lambda theme, data, parent: MetricsSection(
        theme, MetricsOfReport.from_json(data), parent
    ),
    EntityTable.NAME: lambda theme, data, parent: EntitySection(
        theme, EntityTable.from_json(data), parent
    ),
    TypeMatrix.NAME: lambda theme, data, parent: TypeMatrixSection(
        theme, TypeMatrix.from_json(data), parent
    ),
    WorstTaggedRows.NAME: lambda theme, data, parent: WorstTaggedSection(
        theme, WorstTaggedRows.from_json(data), parent
    ),
    Reconstructions.NAME: lambda theme, data, parent: PairsSection(
        theme, Reconstructions.from_json(data), parent
    ),
    ErrorHistogram.NAME: lambda theme, data, parent: ErrorSection(
        theme, ErrorHistogram.from_json(data), parent
    ),
    WorstImages.NAME: lambda theme, data, parent: WorstPairsSection(
        theme, WorstImages.from_json(data), parent
    ),
    SampledImages.NAME: lambda theme, data, parent: SamplesSection(
        theme, SampledImages.from_json(data), parent
    ),
    ImageWalk.NAME: lambda theme, data, parent: WalkSection(
        theme, ImageWalk.from_json(data), parent
    ),
    Continuations.NAME: lambda theme, data, parent: ContinuationSection(
        theme, Continuations.from_json(data), parent
    ),
    TokenSurprise.NAME: lambda theme, data, parent: SurpriseSection(
        theme, TokenSurprise.from_json(data), parent
    ),
    Residuals.NAME: lambda theme, data, parent: ResidualsSection(
        theme, Residuals.from_json(data), parent
    ),
    WorstRows.NAME: lambda theme, data, parent: WorstSection(
        theme, WorstRows.from_json(data), parent
    ),
    Importance.NAME: lambda theme, data, parent: ImportanceSection(
        theme, Importance.from_json(data), parent
    ),
    PartialDependence.NAME: lambda theme, data, parent: DependenceSection(
        theme, PartialDependence.from_json(data), parent
    ),
    GroupMetrics.NAME: lambda theme, data, parent: GroupsSection(
        theme, GroupMetrics.from_json(data), parent
    ),
}
"""Sections by name, in the order in which a report shows them."""


def make_section(
    name: str,
    theme: Theme,
    sections: Mapping[str, Any],
    parent: QWidget | None = None,
) -> ReportSection | None:
    """The widget of a section; None if it is unknown, missing or damaged.

    Reports lie on disk, where another version may have written them.

    Args:
        name: Of the section.
        theme: Colours and sizes.
        sections: All sections of the report, as JSON.
        parent: Parent of the widget.
    """
    make = SECTIONS.get(name)
    if make is None or name not in sections:
        return None
    try:
        made = make(theme, sections[name], parent)
        made.show_beside(sections)
        return made
    except (KeyError, TypeError, ValueError):
        return None
