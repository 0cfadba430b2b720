"""`predict` with a model of features: rows of tables, or values on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.cli.predicted_rows import show_answers, show_rows
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.document.prediction import Prediction
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
        from dlstudio.engine.prediction.predict_rows import (
            predict_table,
            predict_values,
        )

        model = load_feature_model(run, opened.catalog)
    if given:
        name = ", ".join(f"{key}={value}" for key, value in given.items())
        answer = predict_values(model, given, name)
        if not output.as_json:
            show_answers(output, answer)
        return [answer]
    found: list[Prediction] = []
    for path in paths:
        rows = list(predict_table(model, path))
        if not output.as_json:
            if len(paths) > 1:
                output.text(str(path), "bold")
            show_rows(output, rows)
        found += rows
    return found


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UserError(
            _("“{text}” is not a value of a column.").format(text=text),
            _("Write it like --value age=30."),
        )
    return name, value
