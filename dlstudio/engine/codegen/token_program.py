"""The lines of a program whose targets are about the tokens that its model makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dlstudio.document.project import Project
from dlstudio.engine.codegen.output_plan import OutputPlan
from dlstudio.engine.codegen.program_input import ProgramInput
from dlstudio.engine.codegen.script_data import ScriptData


@dataclass(frozen=True, slots=True)
class TokenTask:
    """What a program of tokens is written for.

    Attributes:
        project: Has the model.
        data: What the script reads.
        inputs: Of the model.
        output: Its only one.
        names: Name of each layer in the script, by node id.
    """

    project: Project
    data: ScriptData
    inputs: Sequence[ProgramInput]
    output: OutputPlan
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TokenProgram:
    """What a program has beside that of a table, where targets are tokens.

    Attributes:
        target: The expression of what the loss takes, below the model.
        functions: Functions that are called by it and by the rows below.
        metrics: An expression for each metric that the script has, by its name; "" for
            one that is reported otherwise.
        callbacks: Expressions of callbacks that stand before the others.
        report: Statements below the evaluation of the test split, whose metrics are
            `result`.
        export: The function `export`; () for that of a table.
    """

    target: str
    functions: tuple[str, ...] = ()
    metrics: Mapping[str, str] = field(default_factory=dict)
    callbacks: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    export: tuple[str, ...] = ()


ACCURACY = '''

@keras.saving.register_keras_serializable()
class TokenAccuracy(keras.metrics.SparseCategoricalAccuracy):
    """The share of tokens with the highest score; padding does not count."""

    def update_state(self, y_true, y_pred, sample_weight=None) -> None:
        known = keras.ops.cast(y_true != {padding}, "float32")
        super().update_state(y_true, y_pred, known)
'''


def accuracy_rows(padding: int) -> list[str]:
    """The class of the metric.

    Args:
        padding: The target that does not count.
    """
    return ACCURACY.format(padding=padding).splitlines()


def accuracy_call(name: str) -> str:
    """The expression of the metric."""
    return f'TokenAccuracy(name="{name}")'
