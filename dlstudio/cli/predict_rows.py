"""`predict` with a model of features: rows of tables, or values on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.cli.predicted_rows import (
    show_answers,
    show_explanation,
    show_rows,
    show_unusual,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.document.prediction import Prediction
    from dlstudio.document.search_settings import SearchSettings
    from dlstudio.document.text_explanation import TextExplanation
    from dlstudio.engine.prediction.feature_model import FeatureModel
    from dlstudio.engine.prediction.unusual_values import UnusualValues
    from dlstudio.engine.runs.store import Run

    Explain = Callable[[Mapping[str, str]], TextExplanation]

TEXT_FILES = (".txt",)


@dataclass(frozen=True, slots=True)
class GivenValues:
    """Values that are given on the command line.

    Attributes:
        values: Of one sample, as "column=value".
        texts: Each a sample for a model whose only input is texts.
        explained: Whether the predictions of texts and values are explained.
        search: How texts are searched that the model writes; None as its head says.
    """

    values: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    explained: bool = False
    search: SearchSettings | None = None


def predict_features(
    opened: OpenedProject,
    run: Run,
    paths: Sequence[Path],
    given: GivenValues,
    output: Output,
) -> list[Prediction]:
    """What a run's model predicts, printed as it comes unless JSON is wanted.

    Args:
        opened: The project.
        run: Of the project; has a trained model.
        paths: Tables with a row for each sample, or files of one text each.
        given: One sample, or texts.
        output: Output to print to.

    Raises:
        UserError: A table cannot be read, or a value does not fit.
    """
    if sum(map(bool, (paths, given.values, given.texts))) != 1:
        raise UserError(
            _("Give either tables, values or texts to predict."),
            _("Such as a CSV file, --value age=30 --value city=Rome, or --text TEXT."),
        )
    pairs = dict(map(_pair, given.values))
    with output.waiting(_("Loading the model…")):
        from dlstudio.engine.runtime.startup import start_tensorflow

        start_tensorflow()
        from dlstudio.engine.prediction.feature_model import load_feature_model
        from dlstudio.engine.prediction.predict_rows import one_row, predict_values
        from dlstudio.engine.prediction.unusual_values import unusual_values

        model = load_feature_model(run, opened.catalog, given.search)
        explain = _explainer(model, paths) if given.explained else None
    if pairs:
        name = ", ".join(f"{key}={value}" for key, value in pairs.items())
        answer = _explained(predict_values(model, pairs, name), pairs, explain)
        if not output.as_json:
            for each in unusual_values(model, one_row(model, pairs)):
                show_unusual(output, each)
            show_answers(output, answer)
            show_explanation(output, answer)
        return [answer]
    texts = [(each, each) for each in given.texts]
    texts += [(str(path), _read(path)) for path in paths if _is_text(path)]
    found = _predicted_texts(model, texts, output, explain) if texts else []
    for path in [each for each in paths if not _is_text(each)]:
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


def _explainer(model: FeatureModel, paths: Sequence[Path]) -> Explain:
    """Explains predictions of a model.

    Args:
        model: A run's model.
        paths: What is predicted; files of texts alone are explained.

    Raises:
        UserError: There are tables, or the model cannot be explained.
    """
    from dlstudio.engine.prediction.text_explainer import TextExplainer

    if not all(map(_is_text, paths)):
        raise UserError(
            _("Only predictions of single texts are explained."),
            _("Give texts by --text or --value, or files that end in .txt."),
        )
    return TextExplainer(model).explain


def _explained(
    answer: Prediction, values: Mapping[str, str], explain: Explain | None
) -> Prediction:
    """A prediction with its explanation, if one is wanted.

    Args:
        answer: The prediction.
        values: What it was made from, by feature.
        explain: Explains predictions; None for none.
    """
    return answer if explain is None else replace(answer, explanation=explain(values))


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in TEXT_FILES


def _read(path: Path) -> str:
    from dlstudio.data.tables.text_encoding import decode
    from dlstudio.paths import user_errors

    with user_errors(path, writing=False):
        return decode(path.read_bytes()).text.removeprefix("\ufeff")


def _predicted_texts(
    model: FeatureModel,
    texts: Sequence[tuple[str, str]],
    output: Output,
    explain: Explain | None,
) -> list[Prediction]:
    """What a model predicts for texts.

    Args:
        model: A run's model.
        texts: Each with the name that is shown for it before it.
        output: Output to print to.
        explain: Explains a prediction; None for none.

    Raises:
        UserError: The model has other inputs.
    """
    from dlstudio.engine.prediction.predict_rows import predict_values

    names, features = model.inputs, model.project.data.features
    extras = [model.catalog[features[name].kind].extra for name in names]
    if len(extras) != 1 or not (extras[0].get("prose") or extras[0].get("typed")):
        raise UserError(
            _("This model does not predict from a single text."),
            _("Its inputs are: {names}. Give them with --value.").format(
                names=", ".join(names)
            ),
        )
    found = []
    for name, text in texts:
        values = {names[0]: text}
        answer = predict_values(model, values, name)
        found.append(_explained(answer, values, explain))
        if not output.as_json:
            if len(texts) > 1:
                output.text(name, "bold")
            if not text.strip():
                output.note(_("warning: The text is empty."))
            show_answers(output, found[-1])
            show_explanation(output, found[-1])
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
