"""Models with all that Keras allows: graph to script and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tricky_models import MAKERS

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.codegen.script import script
from dlstudio.engine.model_import.keras_models import imported_model
from dlstudio.engine.script_reader.new_project import new_project
from dlstudio.engine.script_reader.project_merge import project_from_script
from dlstudio.engine.script_reader.reader import read_script

CATALOG = Catalog.load()
NAMES = list(MAKERS)


@pytest.mark.parametrize("name", NAMES)
def test_the_script_of_a_model_is_read_as_the_same_graphs(name: str) -> None:
    graphs = imported_model(MAKERS[name](), CATALOG).graphs
    project = replace(Project(), graphs=graphs)
    written = script(project, CATALOG).text
    assert project_from_script(written, project, CATALOG) == project
    new = new_project(read_script(written, CATALOG), "", CATALOG)
    assert len(new.graphs) == len(graphs)
    assert len(new.model.edges) == len(project.model.edges)
