"""Convolutions on texts beside dense layers on the other columns of a table."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.branches import branches_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.text_blocks import text_features


def make(context: TemplateContext) -> Project:
    """Create a project with a branch for each text and one for all other columns.

    Raises:
        UserError: The data has no column of texts.
    """
    return branches_project(context, text_features(context))
