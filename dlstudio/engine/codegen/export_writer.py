"""The function of a script that exports the model: raw values in, answers out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import PLACE, list_rows, packed
from dlstudio.engine.codegen.literals import INDENT, WIDTH, quoted
from dlstudio.engine.codegen.output_plan import OutputPlan
from dlstudio.engine.codegen.program_input import ProgramInput
from dlstudio.engine.codegen.script_data import ScriptData
from dlstudio.engine.features.base import TensorFeature, load_tensor_feature
from dlstudio.engine.heads.head_script import ScriptOutput
from dlstudio.engine.model.argument_names import argument_names

USED = frozenset({"model", "fill", "x", "tf", "each", "name", "NAMES"})
"""Names within the function that is exported."""


def export_rows(
    project: Project,
    data: ScriptData,
    inputs: Sequence[ProgramInput],
    outputs: Sequence[OutputPlan],
    catalog: Catalog,
) -> list[str]:
    """The lines of `export`.

    Args:
        project: Has the features.
        data: What the script reads.
        inputs, outputs: Of the model.
        catalog: Describes the types of features.
    """
    arguments = argument_names([each.feature for each in inputs], "input")
    features = [
        load_tensor_feature(catalog[data.features[each.feature].kind])
        for each in inputs
    ]
    body = [
        *_serve_rows(project, data, inputs, outputs, arguments),
        "",
        "archive = keras.export.ExportArchive()",
        "archive.track(model)",
        "signature = [",
        *(
            f"{INDENT}{_spec(feature, each, argument)},"
            for feature, each, argument in zip(features, inputs, arguments, strict=True)
        ),
        "]",
        'archive.add_endpoint("serving_default", serve, input_signature=signature)',
        "archive.write_out(path, verbose=False)",
    ]
    taken = f"model: keras.Model, {'fill: dict, ' * data.fills}path: str"
    text = '"""A SavedModel that takes raw values: numbers, NaN for none, strings."""'
    if all(feature.is_file for feature in features):
        text = _files_text(
            {data.features[each.feature].kind for each in inputs}, catalog
        )
    return [
        "",
        "",
        f"def export({taken}) -> None:",
        INDENT + text,
        "",
        *(INDENT + row if row else "" for row in body),
    ]


def _files_text(kinds: Iterable[str], catalog: Catalog) -> str:
    """What an export takes whose inputs are files, as its docstring.

    Args:
        kinds: Types of the features.
        catalog: Describes them.
    """
    names = (str(catalog[kind].extra["samples"]) for kind in sorted(kinds))
    taken = " and ".join(names)
    return f'"""A SavedModel that takes {taken} as the content of their files."""'


def _spec(feature: TensorFeature, given: ProgramInput, argument: str) -> str:
    dtype = "tf.string" if feature.dtype == "str" else "tf.float32"
    sides = () if feature.scalar else given.shape
    shape = f"({', '.join(['None', *map(str, sides)])}{',' * (not sides)})"
    return f"tf.TensorSpec({shape}, {dtype}, name={quoted(argument)})"


def _serve_rows(
    project: Project,
    data: ScriptData,
    inputs: Sequence[ProgramInput],
    outputs: Sequence[OutputPlan],
    arguments: Sequence[str],
) -> list[str]:
    """The function from arguments to results."""
    variables = [_variable(each) for each in arguments]
    takes = f"def serve({', '.join(variables)}):"
    rows = [takes]
    if len(takes) + len(INDENT) > WIDTH:
        rows = ["def serve(", *packed(variables, INDENT, WIDTH - len(INDENT)), "):"]
    body: list[str] = []
    entered = []
    for each, argument in zip(inputs, variables, strict=True):
        steps = [
            step.replace(PLACE, quoted(each.feature)).replace("{value}", argument)
            for step in data.scripts[each.feature].serve
        ]
        entry = f"{quoted(each.layer)}: {steps[0] if steps else argument},"
        if len(steps) > 1 or len(entry) + 3 * len(INDENT) > WIDTH:
            body += [f"{argument} = {step}" for step in steps]
            steps = []
        entered.append((each, steps[0] if steps else argument))
    body += _entering(entered)
    results = argument_names([each.feature for each in outputs], "output")
    given = [_variable(each) for each in results]
    body.append(f"{', '.join(given)} = model(x, training=False)")
    pairs: list[tuple[str, str]] = []
    for output, result, variable in zip(outputs, results, given, strict=True):
        if project.plan.precision != "float32":
            body.append(f"{variable} = tf.cast({variable}, tf.float32)")
        written = output.head_type.script_results(
            ScriptOutput(
                variable,
                result,
                f"NAMES[{quoted(output.feature)}]",
                output.classes,
                output.units,
                output.from_logits,
            )
        )
        body += written.rows
        pairs += written.results
    body.append("return {")
    body += [
        f"{INDENT}{quoted(data.results.get(name, name))}: {text},"
        for name, text in pairs
    ]
    body.append("}")
    return [*rows, *(INDENT + row for row in body)]


def _variable(name: str) -> str:
    """A variable for an argument or result, apart from what the function uses."""
    return f"{name}_" if name in USED else name


def _entering(entered: Sequence[tuple[ProgramInput, str]]) -> list[str]:
    """The statements that set `x`: what enters the model, (n, 1) for a column."""
    if len(entered) == 1:
        ((each, value),) = entered
        column = each.shape == (1,)
        return [f"x = {value}", *(["x = tf.reshape(x, (-1, 1))"] * column)]
    columns = [quoted(each.layer) for each, _value in entered if each.shape == (1,)]
    rows = [
        "x = {",
        *(f"{INDENT}{quoted(each.layer)}: {value}," for each, value in entered),
        "}",
    ]
    if len(columns) == len(entered):
        rows.append("x = {name: tf.reshape(each, (-1, 1)) for name, each in x.items()}")
    elif len(columns) == 1:
        rows.append(f"x[{columns[0]}] = tf.reshape(x[{columns[0]}], (-1, 1))")
    elif columns:
        rows += list_rows("for name in ", columns, ":")
        rows.append(f"{INDENT}x[name] = tf.reshape(x[name], (-1, 1))")
    return rows
