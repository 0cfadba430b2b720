"""How the texts that a model writes token by token are searched when it predicts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlstudio.document.project import Project

WIDTH, PENALTY = "beam_width", "length_penalty"
"""Parameters of the head."""
GREEDY, USUAL_PENALTY = 1, 0.6
"""What they are unless a head says otherwise."""
WIDEST, HIGHEST = 32, 2.0
"""The most that they may be."""


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """What is different from the settings of the head.

    Attributes:
        beam_width: Texts that are continued at the same time; None as the head says.
        length_penalty: How much longer texts are favoured; None as the head says.
    """

    beam_width: int | None = None
    length_penalty: float | None = None


def search_of(project: Project) -> SearchSettings | None:
    """How a project's texts are searched; None where it writes none.

    Args:
        project: With its outputs.
    """
    written = _written(project)
    for output in project.outputs:
        if output.feature in written:
            params = output.head.params
            return SearchSettings(
                int(str(params.get(WIDTH, GREEDY))),
                float(str(params.get(PENALTY, USUAL_PENALTY))),
            )
    return None


def with_search(project: Project, search: SearchSettings | None) -> Project:
    """The project with other settings of its search.

    Args:
        project: With its outputs.
        search: The settings; None to change nothing.
    """
    if search is None:
        return project
    given = {WIDTH: search.beam_width, PENALTY: search.length_penalty}
    written, outputs = _written(project), []
    for output in project.outputs:
        head = output.head
        for name, value in given.items():
            if value is not None and output.feature in written:
                head = head.with_param(name, value)
        outputs.append(replace(output, head=head))
    return replace(project, outputs=tuple(outputs))


def _written(project: Project) -> Collection[str]:
    # Every command imports this module for its limits, few need a project.
    from dlstudio.document.written_features import written_features

    return written_features(project)
