"""Project templates: functions of a `TemplateContext`, one module each."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlstudio.catalog.schema import Description
    from dlstudio.document.project import Project
    from dlstudio.engine.templates.context import TemplateContext


def make_project(description: Description, context: TemplateContext) -> Project:
    """Create a project from a template of the catalog."""
    module, _colon, name = description.implementation.partition(":")
    found = getattr(importlib.import_module(module), name)
    make = cast("Callable[[TemplateContext], Project]", found)
    return make(context)
