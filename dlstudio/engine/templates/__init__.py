"""Projects to begin with: functions of a `TemplateContext`, one module each."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlstudio.catalog.schema import Description
    from dlstudio.document.project import Project
    from dlstudio.engine.templates.context import TemplateContext


def make_project(description: Description, context: TemplateContext) -> Project:
    """The project a template of the catalog makes of a context."""
    module, _colon, name = description.implementation.partition(":")
    found = getattr(importlib.import_module(module), name)
    make = cast("Callable[[TemplateContext], Project]", found)
    return make(context)
