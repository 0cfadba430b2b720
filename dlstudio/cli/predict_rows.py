"""`predict` with a model of features: rows of tables, or values on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.cli.predicted_rows import show_answers, show_rows, show_unusual
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.document.prediction import Prediction
    from dlstudio.engine.prediction.feature_model import FeatureModel
    from dlstudio.engine.prediction.unusual_values import UnusualValues
    from dlstudio.engine.runs.store import Run


def predict_features(
    opened: OpenedProject,
    run: Run,
    paths: Sequence[Path],
    values: Sequence[str],
    output: Output,
) -> list[Prediction]:
    """What a run's model predicts, printed as it comes unless JSON is wanted.

    Args:
        opened: The project.
        run: Of the project; has a trained model.
        paths: Tables with a row for each sample.
        values: One sample, as "column=value".
        output: Output to print to.

    Raises:
        UserError: A table cannot be read, or a value does not fit.
    """
    if bool(paths) == bool(values):
        raise UserError(
            _("Give either tables or values to predict."),
            _("Such as a CSV file, or --value age=30 --value city=Rome."),
        )
    given = dict(map(_pair, values))
    with output.waiting(_("Loading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.prediction.feature_model import load_feature_model
        from dlstudio.engine.prediction.predict_rows import one_row, predict_values
        from dlstudio.engine.prediction.unusual_values import unusual_values

        model = load_feature_model(run, opened.catalog)
    if given:
        name = ", ".join(f"{key}={value}" for key, value in given.items())
        answer = predict_values(model, given, name)
        if not output.as_json:
            for each in unusual_values(model, one_row(model, given)):
                show_unusual(output, each)
            show_answers(output, answer)
        return [answer]
    found: list[Prediction] = []
    for path in paths:
        rows, unusual = _predicted(model, path)
        found += rows
        if output.as_json:
            continue
        if len(paths) > 1:
            output.text(str(path), "bold")
        if not rows:
            output.note(_("The table {path} has no rows.").format(path=path))
        for each in unusual:
            if each.is_unseen:  # a row with an unreadable value has an error
                show_unusual(output, each)
        show_rows(output, rows)
    return found


def _predicted(
    model: FeatureModel, path: Path
) -> tuple[list[Prediction], list[UnusualValues]]:
    """The predictions of a table's rows, and what is unusual about its inputs.

    Raises:
        UserError: The table cannot be read, or lacks a column.
    """
    from dlstudio.data.tables.read import read_table
    from dlstudio.engine.prediction.predict_rows import input_cells, predict_batches
    from dlstudio.engine.prediction.unusual_values import unusual_values

    table = read_table(path)
    batches = predict_batches(model, table, path)
    rows = [each for batch in batches for each in batch]
    return rows, list(unusual_values(model, input_cells(model, table.columns)))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UserError(
            _("“{text}” is not a value of a column.").format(text=text),
            _("Write it like --value age=30."),
        )
    return name, value
