"""The end of a script: batches, training, evaluation, and saving the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import LARGEST_SEED
from dlstudio.document.project import Project
from dlstudio.engine.codegen.column_loops import comment
from dlstudio.engine.codegen.head_first_writer import head_first_setup
from dlstudio.engine.codegen.literals import INDENT, WIDTH, fitted, quoted
from dlstudio.engine.codegen.names import identifier
from dlstudio.engine.codegen.output_plan import OutputPlan
from dlstudio.engine.codegen.program_input import ProgramInput
from dlstudio.engine.codegen.schedule_writer import callback_calls, stopping_call
from dlstudio.engine.codegen.script_data import ScriptData
from dlstudio.engine.codegen.token_program import TokenProgram

BATCHES = (
    "def take(values, rows: np.ndarray):",
    f'{INDENT}"""Some rows of each array, as tensors."""',
    f"{INDENT}return tf.nest.map_structure(lambda a: tf.constant(a[rows]), values)",
    "",
    "",
    "def training_batches(data, count: int) -> tf.data.Dataset:",
    f'{INDENT}"""All epochs in batches; SEED and the epoch alone decide the order."""',
    "",
    f"{INDENT}def places():",
    f"{2 * INDENT}for epoch in range(EPOCHS):",
    f"{3 * INDENT}order = np.random.default_rng([SEED, epoch]).permutation(count)",
    f"{3 * INDENT}for start in range(0, count, BATCH_SIZE):",
    f"{4 * INDENT}yield order[start : start + BATCH_SIZE]",
    "",
    f"{INDENT}def batch(rows):",
    f"{2 * INDENT}return tf.nest.map_structure(lambda a: tf.gather(a, rows), data)",
    "",
    f"{INDENT}spec = tf.TensorSpec((None,), tf.int64)",
    f"{INDENT}orders = tf.data.Dataset.from_generator(places, output_signature=spec)",
    f"{INDENT}return orders.map(batch).prefetch(2)",
)

ONE_BATCH = 10_000
"""Held-out rows that are evaluated at once."""


@dataclass(frozen=True, slots=True)
class FitProgram:
    """What `main` trains.

    Attributes:
        project: Has the plan.
        data: What the script reads.
        inputs, outputs: Of the model.
        catalog: Describes the plan.
        learning: Whether `build_model` takes the training rows.
        tokens: What is different where targets are tokens of the model; else None.
    """

    project: Project
    data: ScriptData
    inputs: Sequence[ProgramInput]
    outputs: tuple[OutputPlan, ...]
    catalog: Catalog
    learning: bool
    tokens: TokenProgram | None = None

    @property
    def held_out(self) -> list[str]:
        """The splits that have samples, beside that for training."""
        return [name for name in ("validation", "test") if self.data.sizes[name]]


def fit_rows(fit: FitProgram) -> list[str]:
    """The lines of `main`, and of the functions that make batches.

    Raises:
        UserError: A loss does not fit its output.
    """
    project, data, outputs = fit.project, fit.data, fit.outputs
    held, plan = fit.held_out, project.plan
    whole = _whole(data, len(outputs) > 1)
    body = [
        "keras.utils.set_random_seed(SEED)",
        *(["tf.config.experimental.enable_op_determinism()"] * plan.deterministic),
        *data.loading,
        *_input_rows(fit.inputs),
        *(_model_first(fit) if fit.tokens is not None else _targets_first(fit)),
        *head_first_setup(project),
        *_stopping_rows(project, outputs, fit.catalog, validated="validation" in held),
        'count = len(splits["train"])',
        "model.fit(",
        f"{INDENT}training_batches(training, count),",
        f"{INDENT}steps_per_epoch=math.ceil(count / BATCH_SIZE),",
        f"{INDENT}epochs=EPOCHS,",
        f"{INDENT}shuffle=False,  # the batches are shuffled",
        *([f"{INDENT}validation_data=validation,"] if "validation" in held else []),
        *([f"{INDENT}{whole['validation']},"] if whole["validation"] else []),
        *_callback_rows(fit),
        f"{INDENT}verbose=2,",
        ")",
    ]
    if "test" in held:
        pairs = ["*test", whole["test"], "return_dict=True", "verbose=0"]
        body += fitted("result = ", "model.evaluate", filter(None, pairs), "")
        body += fit.tokens.report if fit.tokens is not None else ()
        body.append('print("Test:", result)')
    name = identifier(project.name or "model")
    body += [
        f"model.save({quoted(name + '.keras')})",
        f"export(model, {'fill, ' * data.fills}{quoted(name + '_savedmodel')})",
    ]
    main = ["", "", "def main() -> None:"]
    main.append(f'{INDENT}"""Train the model, evaluate it, and save it."""')
    return ["", "", *BATCHES, *main, *(INDENT + row if row else "" for row in body)]


def _targets_first(fit: FitProgram) -> list[str]:
    """Statements that set the splits, and then `model`."""
    weights = _weight_rows(fit.project, fit.data, fit.outputs)
    given = "(x, y, weight)" if weights else "(x, y)"
    return [
        *_target_rows(fit.outputs),
        *weights,
        f'training = take({given}, splits["train"])',
        *(f'{name} = take((x, y), splits["{name}"])' for name in fit.held_out),
        "",
        f"model = build_model({'training[0]' * fit.learning})",
        "compile_model(model)",
        "model.summary()",
    ]


def _model_first(fit: FitProgram) -> list[str]:
    """The same where targets are tokens, which the model knows once it has learned."""
    assert fit.tokens is not None
    given = 'take(x, splits["train"])' * fit.learning
    return [
        "",
        f"model = build_model({given})",
        "compile_model(model)",
        "model.summary()",
        f"y = {fit.tokens.target}",
        *(
            f'{variable} = take((x, y), splits["{name}"])'
            for variable, name in (
                ("training", "train"),
                *((each, each) for each in fit.held_out),
            )
        ),
    ]


def _whole(data: ScriptData, several: bool) -> dict[str, str]:
    """Arguments for held-out rows in one batch; "" for batches of the usual size.

    Keras averages the loss of each of several outputs over batches, whatever their
    sizes are.
    """
    arguments = {"validation": "validation_batch_size", "test": "batch_size"}
    return {
        name: f'{argument}=len(splits["{name}"])'
        if several and data.sizes[name] <= ONE_BATCH
        else ""
        for name, argument in arguments.items()
    }


def _input_rows(inputs: Sequence[ProgramInput]) -> list[str]:
    """What enters each input, by the name of its layer; a single one as it is."""
    if len(inputs) == 1:
        return [f"x = {_column(inputs[0])}"]
    plain = all(each.layer == each.feature and len(each.shape) == 1 for each in inputs)
    if plain:
        return [
            "x = {name: values.reshape(len(table), -1) for name, values in "
            "inputs.items()}"
        ]
    rows = ["x = {"]
    for each in inputs:
        rows.append(f"{INDENT}{quoted(each.layer)}: {_column(each)},")
    return [*rows, "}"]


def _column(each: ProgramInput) -> str:
    values = f"inputs[{quoted(each.feature)}]"
    if each.shape == (1,):
        return f"{values}.reshape(-1, 1)"
    return f"{values}.reshape(len(table), -1)" if len(each.shape) == 1 else values


def _target_rows(outputs: tuple[OutputPlan, ...]) -> list[str]:
    """What each loss compares its output with."""
    found = []
    for each in outputs:
        rows = f"targets[{quoted(each.feature)}]"
        expression = each.head_type.script_target(each.loss.kind, each.units, rows)
        found.append(expression)
    return _tuple("y", found)


def _tuple(variable: str, values: Sequence[str]) -> list[str]:
    """A tuple with a value for each output; a single one as it is."""
    if len(values) == 1:
        return [f"{variable} = {values[0]}"]
    line = f"{variable} = ({', '.join(values)})"
    if len(line) + len(INDENT) <= WIDTH:
        return [line]
    return [f"{variable} = (", *(f"{INDENT}{each}," for each in values), ")"]


def _weight_rows(
    project: Project, data: ScriptData, outputs: tuple[OutputPlan, ...]
) -> list[str]:
    """The weight of each row; [] if all are equal."""
    plan = project.plan
    if plan.class_weights == "none" or not any(each.classes for each in outputs):
        return []
    rows, found = [], []
    for number, output in enumerate(outputs):
        target = f"targets[{quoted(output.feature)}]"
        if not output.classes:
            found.append('np.ones(len(table), "float32")')
            continue
        variable = f"weights_{number + 1}" if len(outputs) > 1 else "weights"
        rows += _class_rows(project, data, output, variable)
        if output.head_type.labels == "multi":
            rows += [
                f"labels = {target}  # of several, the mean counts",
                f"mean = (labels @ {variable}) / np.maximum(labels.sum(axis=1), 1)",
            ]
            found.append("np.where(labels.any(axis=1), mean, 1)")
            if len(outputs) > 1:  # the next one has other labels
                rows.append(f"{variable} = {found.pop()}")
                found.append(variable)
        else:
            found.append(f"{variable}[{target}]")
    return [*rows, *_tuple("weight", found)]


def _class_rows(
    project: Project, data: ScriptData, output: OutputPlan, variable: str
) -> list[str]:
    """The weight of each class of an output."""
    plan, classes = project.plan, output.classes
    known = f'targets[{quoted(output.feature)}][splits["train"]]'
    if plan.class_weights == "balanced":
        counts = f"np.bincount({known}, minlength={classes})"
        if output.head_type.labels == "multi":
            counts = f'{known}.sum(axis=0, dtype="int64")'
        return [
            row.removeprefix(INDENT)
            for row in comment("Each class counts the same, however rare it is.")
        ] + [
            f"counts = {counts}",
            f'{variable} = len(splits["train"]) / ({classes} * np.maximum(counts, 1))',
        ]
    names = output.head_type.class_names(data.fitted[output.feature])
    numbers = ", ".join(repr(plan.class_weight.get(name, 1.0)) for name in names)
    return [f"{variable} = np.array([{numbers}])"]


def _callback_rows(fit: FitProgram) -> list[str]:
    validated = "validation" in fit.held_out
    calls = callback_calls(fit.project, fit.outputs, fit.catalog, validated=validated)
    if fit.tokens is not None:
        calls = [[each] for each in fit.tokens.callbacks] + calls
    if not calls:
        return []
    if [len(call) for call in calls] == [1] and len(calls[0][0]) < 50:
        return [f"{INDENT}callbacks=[{calls[0][0]}],"]
    rows = [f"{INDENT}callbacks=["]
    for call in calls:
        rows += [2 * INDENT + row for row in call]
        rows[-1] += ","
    return [*rows, f"{INDENT}],"]


def _stopping_rows(
    project: Project,
    outputs: tuple[OutputPlan, ...],
    catalog: Catalog,
    *,
    validated: bool,
) -> list[str]:
    """The callback that stops early as a variable, where another one needs it."""
    if project.plan.head_first is None:
        return []
    call = stopping_call(project, outputs, catalog, validated=validated)
    return [f"stopping = {call[0]}", *call[1:]] if call else []


def seed_of(project: Project) -> int:
    """The seed as NumPy takes it."""
    return project.plan.seed % LARGEST_SEED
