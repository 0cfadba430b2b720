"""Reads a Keras script: which model it builds, and how it trains it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.catalog.store import Catalog
from dlstudio.engine.script_reader.limits import (
    ReadingContext,
    ScriptLimitError,
    ScriptProblem,
    Setting,
    too_large,
)
from dlstudio.engine.script_reader.script_values import (
    Arguments,
    Function,
    Scope,
    ScriptCall,
    ScriptModel,
    ScriptSequential,
    Unknown,
)
from dlstudio.engine.script_reader.sequential import functional
from dlstudio.engine.script_reader.statements import StatementReader
from dlstudio.errors import UserError
from dlstudio.i18n import _

LARGEST = 2_000_000
"""Most characters of a script."""
BUILD = "build_model"
CONSTANTS = ("EPOCHS", "BATCH_SIZE", "SEED")


@dataclass(frozen=True, slots=True)
class ScriptReading:
    """What a script says.

    Attributes:
        model: The model that it trains, or builds last.
        calls: All calls of layers.
        settings: Of the training, by the names of Keras.
        constants: Numbers of the training that our scripts have at the top.
        title: The first line of the docstring.
        notes: What was left out.
    """

    model: ScriptModel
    calls: tuple[ScriptCall, ...]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    constants: Mapping[str, int] = field(default_factory=dict)
    title: str = ""
    notes: tuple[ScriptProblem, ...] = ()


class ScriptError(UserError):
    """A script whose model is not understood.

    Attributes:
        problems: What is not, by line.
    """

    def __init__(self, problems: tuple[ScriptProblem, ...]) -> None:
        self.problems = problems
        lines = "\n".join(each.message for each in problems)
        super().__init__(
            lines,
            _("Write these lines in another way. Nothing was changed."),
        )

    def __reduce__(self) -> tuple[object, ...]:
        return ScriptError, (self.problems,)


def read_script(text: str, catalog: Catalog) -> ScriptReading:
    """The model and settings of a script, which is parsed and never run.

    Args:
        text: The script.
        catalog: Describes layers.

    Raises:
        ScriptError: Something of its model is not understood.
        UserError: It is no Python, or too large.
    """
    tree = _parsed(text)
    context, scope = ReadingContext(catalog), Scope()
    scope.names["__name__"] = "__main__"
    reader = StatementReader(context)
    try:
        reader.module(tree.body, scope)
        model = _model(reader, scope, context)
    except (ScriptLimitError, RecursionError, MemoryError):
        raise too_large() from None
    if context.problems or model is None:
        raise ScriptError(_problems(context))
    constants = {
        name: value
        for name in CONSTANTS
        if isinstance(value := scope.names.get(name), int)
    }
    return ScriptReading(
        model,
        tuple(context.calls),
        context.settings,
        constants,
        (ast.get_docstring(tree) or "").partition("\n")[0],
        tuple(context.notes),
    )


def _parsed(text: str) -> ast.Module:
    if len(text) > LARGEST:
        raise UserError(
            _("The script is larger than {size} MB.").format(size=LARGEST // 10**6),
            _("Keep only what builds the model."),
        )
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise ScriptError(
            (ScriptProblem(error.lineno or 1, _("This is not valid Python.")),)
        ) from error
    except (ValueError, RecursionError, MemoryError):
        raise too_large() from None


def _model(
    reader: StatementReader, scope: Scope, context: ReadingContext
) -> ScriptModel | None:
    """The model that a script trains, or the last one it builds."""
    found: object = context.chosen or scope.names.get("model")
    if not isinstance(found, (ScriptModel, ScriptSequential)):
        build = scope.names.get(BUILD)
        if isinstance(build, Function):
            found = reader.run(build, Arguments((), {}, build.node.lineno))
    if not isinstance(found, (ScriptModel, ScriptSequential)):
        if isinstance(found, Unknown) and not context.problems:
            context.use_unknown(found, _("The model"), found.line)
        inner = {id(call.layer.model) for call in context.calls if call.layer.model}
        whole = [each for each in context.models if id(each) not in inner]
        found = whole[-1] if whole else None
    if not isinstance(found, (ScriptModel, ScriptSequential)):
        return None
    model = functional(found, context)
    if model is None and not context.problems:
        context.report(
            found.line, _("The Sequential needs an Input as its first layer.")
        )
    return model


def _problems(context: ReadingContext) -> tuple[ScriptProblem, ...]:
    if context.problems:
        return tuple(sorted(context.problems))
    return (ScriptProblem(1, _("The script builds no model that can be read.")),)
