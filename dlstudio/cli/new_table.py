"""`new` from a table: which columns are used, and what is predicted from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext

if TYPE_CHECKING:
    from pathlib import Path

    from dlstudio.catalog.store import Catalog
    from dlstudio.data.samples import Samples
    from dlstudio.document.project import Project
    from dlstudio.document.values import Spec
    from dlstudio.engine.templates.context import TemplateContext


def is_table(samples: Samples) -> bool:
    """Whether samples are rows of a table."""
    from dlstudio.data.row_ids import RowIds

    return isinstance(samples.ids, RowIds)


def show_table(
    output: Output, folder: Path, project: Project, samples: Samples, catalog: Catalog
) -> None:
    """Print what a project of a table begins with.

    Args:
        output: Output to print to.
        folder: Of the project.
        project: As it was made.
        samples: Of the table.
        catalog: Describes the feature types.
    """
    from dlstudio.document.training_method import trains_layers
    from dlstudio.document.written_features import given_inputs
    from dlstudio.engine.project.table_statistics import table_statistics

    found = table_statistics(project, samples, catalog)
    layers = project.model.layer_count
    inputs = ", ".join(each.feature for each in given_inputs(project))
    if trains_layers(project, catalog):
        output.text(
            _("{folder} is ready: {layers}.").format(
                folder=folder,
                layers=ngettext("{count} layer", "{count} layers", layers).format(
                    count=layers
                ),
            )
        )
        targets = ", ".join(each.feature for each in project.outputs)
        text = _("Predicts {targets} from {inputs}.")
        if targets == inputs:
            text = _("Predicts what comes next in {inputs}.")
        output.text(text.format(targets=targets, inputs=inputs))
    else:
        output.text(_("{folder} is ready.").format(folder=folder))
        output.text(_("Learns word vectors from {inputs}.").format(inputs=inputs))
    text = _(
        "Samples: {train} for training, {validation} for validation, {test} "
        "for testing."
    )
    output.text(
        text.format(
            train=f"{found.training:,}",
            validation=f"{found.validation:,}",
            test=f"{found.test:,}",
        )
    )


def as_table(source: Spec) -> Spec:
    """A list of images and their classes, read as a table with any columns."""
    from dlstudio.document.project import TABLE_SOURCE
    from dlstudio.document.values import Spec

    if source.kind != "dlstudio.sources.csv":
        return source
    return Spec(TABLE_SOURCE).with_param("path", source.params["path"])


def feature_kinds(options: Sequence[str]) -> dict[str, str]:
    """Types by column, from options such as "age=number".

    Raises:
        UserError: One has no "=".
    """
    found = {}
    for option in options:
        column, equals, kind = option.rpartition("=")
        if not equals or not column:
            raise UserError(
                _("“{option}” is not a column with its type.").format(option=option),
                _("Write it like --feature age=number."),
            )
        found[column] = kind.strip()
    return found


def targets_of(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Columns to predict, from one name or several that are separated by commas.

    Args:
        text: As it was typed.
        names: The table's columns, whose names may have commas themselves.
    """
    if not text or text in names:
        return (text,) if text else ()
    return tuple(part.strip() for part in text.split(",") if part.strip())


def context_of_table(
    name: str,
    source: Spec,
    samples: Samples,
    catalog: Catalog,
    targets: str,
    features: Sequence[str],
    output: Output,
    *,
    predicts: bool = True,
) -> TemplateContext:
    """What a template needs to know of a table.

    Args:
        name: Of the project.
        source: As the project stores it.
        samples: Of the table.
        catalog: With feature types and heads.
        targets: Columns to predict, separated by commas; "" to find one.
        features: Types of columns, such as "age=number".
        output: Told which columns are not used because they give the target away.
        predicts: Whether the template's models have a target.

    Raises:
        UserError: There is no such column or type, or nothing is left to learn from.
    """
    from dlstudio.data.columns import Cells
    from dlstudio.data.features.feature_choice import choose_features, choose_inputs
    from dlstudio.data.features.inference import infer_columns
    from dlstudio.data.samples import Samples
    from dlstudio.data.table_rows import read_feature
    from dlstudio.document.plan import DataRecipe
    from dlstudio.engine.templates.context import table_context

    with output.waiting(_("Checking columns…")):
        cells = {n: c for n, c in samples.columns.items() if isinstance(c, Cells)}
        inferred, kinds = infer_columns(cells, catalog), feature_kinds(features)
        if predicts:
            named = targets_of(targets, list(cells))
            choice = choose_features(cells, inferred, catalog, named, kinds)
        else:
            choice = choose_inputs(cells, inferred, catalog, kinds)
        recipe = DataRecipe(source, features=choice.features)
        columns = {
            each: read_feature(samples, recipe, each, catalog).column
            for each in choice.features
        }
    if choice.leaking:
        output.note(
            _("Not used, because they reveal the target: {names}.").format(
                names=", ".join(choice.leaking)
            )
        )
    heads = {
        each: head_for(choice.features[each].kind, catalog) for each in choice.targets
    }
    parsed = Samples(samples.ids, columns, samples.splits, samples.notes)
    return table_context(name, source, parsed, choice.features, heads, catalog)


def head_for(kind: str, catalog: Catalog) -> str:
    """The kind of the head that predicts features of a type.

    Raises:
        UserError: None does.
    """
    from dlstudio.catalog.feature_heads import heads_of

    for head in heads_of(kind, catalog):
        return head
    raise UserError(
        _("Columns of the type {name} cannot be predicted.").format(
            name=kind.rpartition(".")[2]
        ),
        _("Choose another target."),
    )
