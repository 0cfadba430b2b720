"""Reads a Keras script: which model it builds, and how it trains it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.catalog.store import Catalog
from dlstudio.engine.script_reader.frozen_layers import settle
from dlstudio.engine.script_reader.given_values import ScriptInputs
from dlstudio.engine.script_reader.hub_functions import fold_pooling
from dlstudio.engine.script_reader.limits import (
    ReadingContext,
    ScriptFit,
    ScriptLimitError,
    ScriptProblem,
    Setting,
    too_large,
)
from dlstudio.engine.script_reader.model_choice import chosen_model, readable_lines
from dlstudio.engine.script_reader.script_callables import Scope
from dlstudio.engine.script_reader.script_values import ScriptCall, ScriptModel
from dlstudio.engine.script_reader.statements import StatementReader
from dlstudio.engine.script_reader.training_phases import phases_of
from dlstudio.errors import UserError
from dlstudio.i18n import _

LARGEST = 2_000_000
"""Most characters of a script."""
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
        applied: Lines below the model that were read all the same.
        fits: The trainings of the model.
        lines: Where models are built that can be read.
    """

    model: ScriptModel
    calls: tuple[ScriptCall, ...]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    constants: Mapping[str, int] = field(default_factory=dict)
    title: str = ""
    notes: tuple[ScriptProblem, ...] = ()
    applied: frozenset[int] = frozenset()
    fits: tuple[ScriptFit, ...] = ()
    lines: tuple[int, ...] = ()


class ScriptError(UserError):
    """A script whose model is not understood.

    Attributes:
        problems: What is not, by line.
        lines: Where other models are built, which can be read.
    """

    def __init__(
        self, problems: tuple[ScriptProblem, ...], lines: tuple[int, ...] = ()
    ) -> None:
        self.problems = problems
        self.lines = lines
        super().__init__(
            "\n".join(each.message for each in problems),
            _("Write these lines in another way. Nothing was changed."),
        )

    def __reduce__(self) -> tuple[object, ...]:
        return ScriptError, (self.problems, self.lines)


def read_script(
    text: str, catalog: Catalog, given: ScriptInputs | None = None
) -> ScriptReading:
    """The model and settings of a script, which is parsed and never run.

    What is not understood is an error where the model depends on it, else a note.

    Args:
        text: The script.
        catalog: Describes layers.
        given: What a person says about the script.

    Raises:
        ScriptError: Something of its model is not understood.
        UserError: It is no Python, or too large.
    """
    tree = _parsed(text)
    context, scope = ReadingContext(catalog, given or ScriptInputs()), Scope()
    scope.names["__name__"] = "__main__"
    reader = StatementReader(context)
    try:
        reader.module(tree.body, scope)
        model = chosen_model(reader, scope, context)
        if model is not None:
            settle(model, context)
    except (ScriptLimitError, RecursionError, MemoryError):
        raise too_large() from None
    if model is None:
        raise ScriptError(_problems(context), readable_lines(context))
    fold_pooling(context.calls)
    _check_names(context)
    _note_unread(context)
    fits = phases_of(context)
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
        frozenset(context.applied),
        fits,
        readable_lines(context),
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


def _check_names(context: ReadingContext) -> None:
    """Refuse values for names that the script does not use."""
    for name in context.given.names:
        if name not in context.used_names:
            raise UserError(
                _("The script does not use the name “{name}”.").format(name=name),
                _("Give values only to names that stand in the script."),
            )


def _note_unread(context: ReadingContext) -> None:
    """Note the lines that are not understood, which the model does not depend on."""
    lines = sorted({problem.line for problem in context.problems})
    if len(lines) == 1:
        (problem, *_more) = context.problems
        context.note(problem.line, problem.text)
    elif lines:
        text = _("Not understood, and not needed for the model: lines {lines}.")
        context.note(lines[0], text.format(lines=", ".join(map(str, lines))))


def _problems(context: ReadingContext) -> tuple[ScriptProblem, ...]:
    if context.problems:
        return tuple(sorted(context.problems))
    return (ScriptProblem(1, _("The script builds no model that can be read.")),)
