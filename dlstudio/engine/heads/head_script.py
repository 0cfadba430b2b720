"""How a script compares an output with its target, and what it returns of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScriptOutput:
    """An output that a script is to write.

    Attributes:
        variable: The tensor of the output.
        result: Name of the result, a valid argument.
        names: The expression of the names of the classes, such as `NAMES["species"]`.
        classes: How many there are; 0 of numbers.
        units: Values per sample.
        from_logits: Whether the output is no probability yet.
    """

    variable: str
    result: str
    names: str = ""
    classes: int = 0
    units: int = 1
    from_logits: bool = False


@dataclass(frozen=True, slots=True)
class ResultScript:
    """What an export in a script returns of one output.

    Attributes:
        rows: Statements that change the tensor.
        results: An expression for each result, by its name.
    """

    rows: tuple[str, ...]
    results: tuple[tuple[str, str], ...]


TARGETS: dict[str, str] = {
    "index": "{rows}",
    "one_hot": 'np.eye({units}, dtype="float32")[{rows}]',
    "binary": '{rows}.astype("float32").reshape(-1, 1)',
    "multi_hot": '{rows}.astype("float32")',
    "number": "{rows}.reshape(-1, 1)",
    "rows": '{rows}.astype("float32")',
    "next_token": "np.pad({rows}[:, 1:], ((0, 0), (0, 1)))",
    "scaled": '{rows}.astype("float32") / 255',
}
"""What a loss takes, from the rows of a target, for each `LabelForm`."""


def target_expression(form: str, rows: str, units: int) -> str:
    """The expression of what a loss takes.

    Args:
        form: A `LabelForm`.
        rows: Expression of the target's rows.
        units: Values per sample of the output.
    """
    return TARGETS[form].format(rows=rows, units=units)


def score_rows(output: ScriptOutput, several: bool) -> Sequence[str]:
    """Statements that make probabilities of the classes from an output.

    Args:
        output: Of a head with classes.
        several: Whether a sample may have any number of labels.
    """
    name, rows = output.variable, []
    one = output.units == 1 and not several
    if output.from_logits:
        function = "sigmoid" if several or one else "softmax"
        rows.append(f"{name} = tf.nn.{function}({name})")
    if one:
        rows.append(f"{name} = tf.concat([1 - {name}, {name}], axis=1)")
    elif not several and output.units > output.classes:
        rows.append(f"{name} = {name}[:, :{output.classes}]")
    return rows
