"""Makes a project of a file of a Keras model, with a run that holds its weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.data.features.image import FORM
from dlstudio.data.images.spec import input_spec
from dlstudio.document.graph import Graph
from dlstudio.document.graph_names import MODEL
from dlstudio.document.import_report import ImportReport
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.storage import is_free, save_project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.custom_code.code_files import chosen_code, write_code
from dlstudio.engine.custom_code.code_scope import code_scope, current_code
from dlstudio.engine.file_import.examined_model import (
    ExaminedModel,
    examined_model,
    numbered_classes,
    report_of,
)
from dlstudio.engine.file_import.import_notes import (
    USUAL_SIZE,
    end_notes,
    notes_of,
    size_note,
)
from dlstudio.engine.file_import.import_request import ImportRequest, check_request
from dlstudio.engine.file_import.imported_project import (
    ImportedProject,
    ModelEnds,
    imported_project,
)
from dlstudio.engine.file_import.imported_run import create_run
from dlstudio.engine.file_import.label_files import (
    check_count,
    labels_beside,
    read_labels,
)
from dlstudio.engine.file_import.model_ends import ModelAnswer, ModelEntry
from dlstudio.engine.file_import.opened_model import OpenedModel
from dlstudio.engine.file_import.pixel_range import with_entry
from dlstudio.engine.file_import.saved_model_block import open_model_or_block
from dlstudio.engine.file_import.stored_weights import stored_weights
from dlstudio.engine.file_import.unpacked_model import unpacked_model
from dlstudio.engine.model.build import build
from dlstudio.engine.model.initial_weights import (
    begin_with,
    node_arrays,
    write_arrays,
    write_initial_weights,
)
from dlstudio.engine.model.saved_model_files import copy_saved_model
from dlstudio.engine.model.saved_model_layer import parameter_count
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.json_values import JsonObject
from dlstudio.safe_files import remove_tree

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def import_file(
    request: ImportRequest,
    catalog: Catalog,
    check_cancelled: Callable[[], None] = lambda: None,
) -> ImportReport:
    """Make a project of a file; nothing of the file is run but what is trusted.

    Args:
        request: What to import, and where to.
        catalog: Describes layers.
        check_cancelled: Is called before anything is written and at the end; if it
            raises, what was written is removed.

    Raises:
        UserError: The file cannot be opened, or the folder cannot be written.
    """
    files = chosen_code(request.code)
    with (
        unpacked_model(request.path) as place,
        _nothing_half_written(request.folder),
        code_scope(files),
    ):
        report = _import(replace(request, path=place), catalog, check_cancelled)
        check_cancelled()
        return report


@contextmanager
def _nothing_half_written(folder: Path) -> Iterator[None]:
    """Remove what was written if the import fails or is interrupted."""
    existed = folder.is_dir()
    if not is_free(folder):
        raise UserError(
            _("{folder} is not empty. Nothing was overwritten.").format(folder=folder),
            _("Choose a new folder."),
        )
    try:
        yield
    except BaseException:
        for each in list(folder.iterdir()) if folder.is_dir() else ():
            if each.is_dir():
                remove_tree(each, folder)
            else:
                each.unlink()
        if not existed and folder.is_dir():
            folder.rmdir()
        raise


def _import(
    request: ImportRequest, catalog: Catalog, check_cancelled: Callable[[], None]
) -> ImportReport:
    opened = open_model_or_block(request.path, catalog, request.weights)
    check_cancelled()
    if opened.original is None:
        return _save_unopened(request, opened)
    examined = examined_model(opened, catalog)
    check_request(request, examined)
    return _Imported(request, examined).save(catalog)


class _Imported:
    """A model that was rebuilt from its graphs, on the way to a project."""

    def __init__(self, request: ImportRequest, examined: ExaminedModel) -> None:
        self._request = request
        self._examined = examined
        self._opened = examined.opened
        self._built = examined.built
        self._notes = notes_of(examined.opened)
        self._labels = ""

    def save(self, catalog: Catalog) -> ImportReport:
        """Write the project, and its run if there are weights."""
        graphs = self._opened.imported.graphs
        entries, answers = self._examined.entries, self._examined.answers
        classes = tuple(self._classes(each) for each in answers)
        ends = ModelEnds(entries, answers, classes, self._request.columns)
        first = replace(
            _project(self._opened, self._request.folder),
            graphs=graphs.set(MODEL, self._with_entry(graphs[MODEL], ends)),
        )
        made = imported_project(first, ends)
        made = replace(made, fitted=_with_forms(made, entries))
        self._explain(made, ends)
        model = self._final_model(made.project, catalog)
        folder = self._request.folder
        project, run = made.project, None
        for name, source in self._opened.saved_models.items():
            copy_saved_model(source, folder / name, folder)
        if self._opened.has_weights and model.weights:
            weights = write_initial_weights(folder, project.graphs, model)
            named = {a.node: c for a, c in zip(answers, classes, strict=True) if c}
            weights = replace(weights, classes=FrozenMap(named))
            project = replace(project, initial_weights=weights)
        save_project(project, folder)
        if self._opened.has_weights:
            run = create_run(
                replace(made, project=project), model, folder, self._request.path.name
            )
        return replace(
            report_of(self._opened, self._request.path, self._notes),
            folder=str(folder),
            layers=project.model.layer_count,
            parameters=parameter_count(model),
            run=run.id if run else "",
            predicts=made.predicts and run is not None,
            difference=self._examined.told_difference,
            classes=classes[0] if classes else (),
            labels=self._labels,
        )

    def _classes(self, answer: ModelAnswer) -> tuple[str, ...]:
        """The names of the classes of an output: of a file, or their numbers."""
        count = answer.classes
        if not count:
            return ()
        given = self._request.labels
        if given is not None:
            names = read_labels(given)
            check_count(names, count, given)
            self._labels = str(given)
            return names
        if len(self._request.classes) == count:
            self._labels = self._request.path.name
            return self._request.classes
        found = labels_beside(self._request.path, count)
        if found is not None:
            self._labels = str(found[0])
            return found[1]
        return numbered_classes(count)

    def _with_entry(self, graph: Graph, ends: ModelEnds) -> Graph:
        """The graph with what resizes and rescales images, where it is needed."""
        entry = self._examined.image
        if not ends.known or entry is None:
            return graph
        wanted = self._request.image
        if not self._examined.any_size:
            wanted = replace(wanted, size=None)
        elif wanted.size is None:
            wanted = replace(wanted, size=USUAL_SIZE)
            self._notes += [size_note(), _("Choose another size with --size.")]
        if not wanted.pixels and self._examined.pixels_unknown:
            self._notes.append(
                _(
                    "No layer of the model rescales its images, so the pixel values "
                    "that it expects are unknown. It is given 0 to 255. If it was "
                    "trained with another range, its predictions are wrong: import "
                    "it again with --pixels 0..1 or --pixels -1..1."
                )
            )
        if wanted.pixels and not self._examined.pixels_unknown:
            self._notes.append(
                _(
                    "The model has a layer of its own that rescales values. With "
                    "--pixels, its images are rescaled before that, too."
                )
            )
        return with_entry(graph, entry.node, wanted)

    def _explain(self, made: ImportedProject, ends: ModelEnds) -> None:
        self._notes += end_notes(ends.entries, ends.answers)
        if not self._opened.has_weights:
            self._notes.append(_("Give weights with --weights FILE."))
        if not made.predicts:
            return
        if ends.answers[0].classes and not self._labels:
            self._notes.append(
                _(
                    "The names of the classes are unknown, so they are numbered. Name "
                    "them with --labels FILE."
                )
            )

    def _final_model(self, project: Project, catalog: Catalog) -> KerasModel:
        """The model of the project; built anew where layers were added."""
        graphs = self._opened.imported.graphs
        if project.model == graphs[MODEL]:
            return self._built
        model = build(project, catalog)
        begin_with(project.graphs, model, node_arrays(graphs, self._built))
        return model


def _with_forms(
    made: ImportedProject, entries: tuple[ModelEntry, ...]
) -> Mapping[str, JsonObject]:
    """What features know, with the size of the images that enter."""
    fitted = dict(made.fitted)
    nodes = {each.node: each for each in entries if each.kind == "image"}
    for binding in made.project.inputs:
        if made.predicts and binding.input in nodes:
            form = input_spec(made.project.model, binding.input)
            fitted[binding.feature] = {FORM: form.to_json()}
    return fitted


def _project(opened: OpenedModel, folder: Path) -> Project:
    imported = opened.imported
    return Project(
        name=folder.absolute().name,
        graphs=imported.graphs,
        plan=TrainingPlan(precision=imported.precision),
        code=write_code(current_code().files, folder),
    )


def _save_unopened(request: ImportRequest, opened: OpenedModel) -> ImportReport:
    """Write a project of a model that cannot be made, as a block is missing in it."""
    project = _project(opened, request.folder)
    notes = [*notes_of(opened), opened.reason]
    kept = stored_weights(opened.file, opened.imported)
    if kept:
        weights = write_arrays(request.folder, kept)
        project = replace(project, initial_weights=weights)
        text = ngettext(
            "The weights of {count} layer are kept. They are used when the model is "
            "trained without this block.",
            "The weights of {count} layers are kept. They are used when the model is "
            "trained without this block.",
            len(kept),
        )
        notes.append(text.format(count=len(kept)))
    save_project(project, request.folder)
    report = report_of(opened, request.path, notes)
    return replace(report, folder=str(request.folder))
