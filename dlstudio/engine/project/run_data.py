"""Prepares the data of a run again, or other data in its form."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.data.parallel import Progress
from dlstudio.data.prepared import Prepared
from dlstudio.document.plan import DataRecipe, Split
from dlstudio.document.values import Spec
from dlstudio.engine.project.data import prepare_project
from dlstudio.engine.runs.learned_features import learned_by
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource, StopToken


def prepare_run(
    run: Run,
    folder: Path,
    catalog: Catalog,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> Prepared:
    """Prepare the data of a run as it is now.

    Args:
        folder: The project's folder.
        progress: Called with the number of samples done and the total.
        stop: Checked while preparing.

    Raises:
        UserError: The data is missing or cannot be read.
        Stopped: `stop` was set.
    """
    token = stop or StopSource().token
    return prepare_project(run.project(), folder, catalog, progress, token)


def prepare_other(
    run: Run,
    folder: Path,
    catalog: Catalog,
    source: Spec,
    progress: Progress | None = None,
    stop: StopToken | None = None,
) -> Prepared:
    """Prepare other data in the form that a run's model takes; see `prepare_run`.

    Args:
        run: The run of the model.
        folder: The project's folder; relative paths start there.
        catalog: Describes the data source.
        source: The other data, as a single split.
        progress: Called with (done, total) samples.
        stop: Checked for each sample.

    Raises:
        UserError: The data cannot be read, or the model takes no such data.
        Stopped: `stop` was set.
    """
    own = run.project()
    recipe = DataRecipe(source, Split(validation=0.0, test=0.0), own.data.features)
    project = dataclasses.replace(own, data=recipe)
    token = stop or StopSource().token
    known = learned_by(run, own)
    return prepare_project(project, folder, catalog, progress, token, known)
