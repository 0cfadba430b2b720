"""Texts that enter a model in training alone: those that it is to write itself."""

from __future__ import annotations

from dlstudio.document.bindings import InputBinding
from dlstudio.document.project import Project

SEQUENCE_TO_SEQUENCE = "dlstudio.heads.sequence_to_sequence"


def given_inputs(project: Project) -> tuple[InputBinding, ...]:
    """The inputs whose values are given when the model predicts.

    In training, a text that is written token by token enters the model, too, so that
    each token is predicted from the right ones before it.

    Args:
        project: With its bindings.
    """
    written = written_features(project)
    return tuple(each for each in project.inputs if each.feature not in written)


def written_features(project: Project) -> frozenset[str]:
    """The features that the model writes token by token.

    Args:
        project: With its bindings.
    """
    return frozenset(
        each.feature
        for each in project.outputs
        if each.head.kind == SEQUENCE_TO_SEQUENCE
    )
