"""A model of a file, rebuilt from its graphs, and what enters and leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph_names import MODEL
from dlstudio.document.import_report import (
    ImportPreview,
    ImportReport,
    UnopenedBlock,
)
from dlstudio.engine.custom_code.code_files import chosen_code
from dlstudio.engine.custom_code.code_scope import code_scope, current_code
from dlstudio.engine.file_import.import_notes import end_notes, notes_of, size_note
from dlstudio.engine.file_import.label_files import labels_beside
from dlstudio.engine.file_import.measured_outputs import measured_activations
from dlstudio.engine.file_import.model_code import code_items, missing_names
from dlstudio.engine.file_import.model_ends import (
    ModelAnswer,
    ModelEntry,
    answers_of,
    are_known,
    entries_of,
)
from dlstudio.engine.file_import.opened_model import (
    OpenedModel,
    rebuilt_model,
)
from dlstudio.engine.file_import.pixel_range import scales_by_itself, takes_any_size
from dlstudio.engine.file_import.saved_model_block import open_model_or_block
from dlstudio.engine.file_import.unpacked_model import unpacked_model
from dlstudio.engine.model.saved_model_layer import parameter_count
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


@dataclass(frozen=True, slots=True)
class ExaminedModel:
    """A model of a file.

    Attributes:
        opened: The file and its graphs.
        built: The model built from the graphs, with the weights.
        difference: Of its outputs from those of the original.
        entries: Its inputs.
        answers: Its outputs.
    """

    opened: OpenedModel
    built: KerasModel
    difference: float
    entries: tuple[ModelEntry, ...]
    answers: tuple[ModelAnswer, ...]

    @property
    def known(self) -> bool:
        """Whether all inputs and outputs mean something, so that it can predict."""
        return are_known(self.entries, self.answers)

    @property
    def image(self) -> ModelEntry | None:
        """The only input for images, if the model has one."""
        found = [each for each in self.entries if each.kind == "image"]
        return found[0] if len(found) == 1 else None

    @property
    def takes_image_alone(self) -> bool:
        """Whether one image is all that enters the model."""
        return [each.kind for each in self.entries] == ["image"]

    @property
    def told_difference(self) -> float | None:
        """The difference, if it was computed with weights that are all of a file."""
        opened = self.opened
        trained = opened.has_weights and not opened.unmatched
        trained = trained and not opened.saved_models
        return self.difference if trained else None

    @property
    def pixels_unknown(self) -> bool:
        """Whether no layer says which pixel values the model expects."""
        graphs = self.opened.imported.graphs
        return self.image is not None and not scales_by_itself(graphs)

    @property
    def any_size(self) -> bool:
        """Whether images of any size enter."""
        graph = self.opened.imported.model
        return self.image is not None and takes_any_size(
            graph, self.image.node, self.image.shape
        )


def examined_model(opened: OpenedModel, catalog: Catalog) -> ExaminedModel:
    """Rebuild a model from its graphs, and look at its inputs and outputs.

    Args:
        opened: Has an original.
        catalog: Describes layers.

    Raises:
        UserError: It cannot be built, or is another model than the original.
    """
    built, difference = rebuilt_model(opened, catalog)
    graphs = opened.imported.graphs
    settings = opened.imported.settings
    losses = settings.losses if settings else {}
    return ExaminedModel(
        opened,
        built,
        difference,
        entries_of(graphs[MODEL], built),
        answers_of(graphs, built, losses, measured_activations(graphs, built)),
    )


def preview_file(
    path: Path, catalog: Catalog, code: Sequence[Path] = ()
) -> ImportPreview:
    """What a model is before it is imported; no code is run but what is trusted.

    Args:
        path: Of the model.
        catalog: Describes layers.
        code: Python files that define its custom layers.

    Raises:
        UserError: The file cannot be opened.
    """
    with unpacked_model(path) as place, code_scope(chosen_code(code)):
        return _preview(place, catalog)


def _preview(path: Path, catalog: Catalog) -> ImportPreview:
    opened = open_model_or_block(path, catalog)
    if opened.original is None:
        report = report_of(opened, path, notes_of(opened))
        return ImportPreview(report, problem=opened.reason)
    examined = examined_model(opened, catalog)
    notes = [*notes_of(opened), *end_notes(examined.entries, examined.answers)]
    if examined.known and examined.any_size:
        notes.append(size_note())
    classes, labels = class_names(examined, path) if examined.known else ((), "")
    return ImportPreview(
        replace(
            report_of(opened, path, notes),
            parameters=parameter_count(examined.built),
            difference=examined.told_difference,
            classes=classes,
            labels=labels,
        ),
        examined.known and examined.pixels_unknown,
        examined.any_size,
    )


def class_names(examined: ExaminedModel, path: Path) -> tuple[tuple[str, ...], str]:
    """The classes of the first output, and the file that names them.

    Args:
        examined: The model.
        path: Of its file.
    """
    count = examined.answers[0].classes if examined.answers else 0
    found = labels_beside(path, count) if count else None
    if found is not None:
        return found[1], str(found[0])
    return numbered_classes(count), ""


def numbered_classes(count: int) -> tuple[str, ...]:
    """Names of classes that nothing names."""
    return tuple(_("class {number}").format(number=number) for number in range(count))


def report_of(opened: OpenedModel, path: Path, notes: list[str]) -> ImportReport:
    """What is known of a model without building it.

    Args:
        opened: The model.
        path: Of its file.
        notes: To be shown.
    """
    files = current_code().files
    return ImportReport(
        file=path.name,
        folder="",
        keras=opened.file.version,
        layers=opened.imported.model.layer_count,
        blocks=tuple(
            UnopenedBlock(each.node, each.class_name, each.reason)
            for each in opened.imported.opaque
        ),
        notes=tuple(notes),
        code=code_items(opened.file, files),
        missing=missing_names(opened.file, files),
        unmatched=opened.unmatched,
    )
