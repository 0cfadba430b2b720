"""A new project from a script."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.script_reader.project_merge import merge_reading
from dlstudio.engine.script_reader.reader import ScriptReading
from dlstudio.engine.script_reader.script_before import ScriptBefore


def new_project(reading: ScriptReading, name: str, catalog: Catalog) -> Project:
    """A project with the model and the settings of a script, and no data yet.

    Args:
        reading: What the script says.
        name: Of the project, if the script has no title.
        catalog: Describes layers.
    """
    title = reading.title.partition(" - made with dlstudio")[0].strip()
    made = "made with dlstudio" in reading.title
    project = Project(title if made else name)
    return merge_reading(reading, project, catalog, ScriptBefore())
