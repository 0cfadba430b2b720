"""How much of a script is read, so that no script takes long or much memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dlstudio.catalog.store import Catalog
from dlstudio.document.values import Value
from dlstudio.engine.script_reader.given_values import ScriptInputs
from dlstudio.engine.script_reader.script_callables import (
    Arguments,
    Function,
    ScriptObject,
)
from dlstudio.engine.script_reader.script_values import (
    ScriptCall,
    ScriptLayer,
    ScriptModel,
    ScriptSequential,
    ScriptTensor,
    Unknown,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _

MOST_STEPS = 150_000
MOST_CALLS = 10_000
MOST_ITEMS = 50_000
ITEMS_OF_STEP = 10
"""Items that take about as long as one step."""
MOST_BITS = 4096
DEEPEST_CALL = 40
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True, order=True)
class ScriptProblem:
    """Something in a script that is not understood.

    Attributes:
        line: From 1.
        text: A sentence.
    """

    line: int
    text: str

    @property
    def message(self) -> str:
        """With the line's number."""
        return _("Line {line}: {text}").format(line=self.line, text=self.text)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the training that a script says.

    Attributes:
        value: Of the script.
        line: Where.
    """

    value: object
    line: int


@dataclass(frozen=True, slots=True)
class ScriptFit:
    """A call of `fit`.

    Attributes:
        model: Which model, by its identity.
        line: Where.
        epochs: 0 if not known.
        continues: Whether epochs are counted on from those before.
        frozen: Its layers that are not trained, by their identity.
        optimizer: That it was compiled with.
    """

    model: int
    line: int
    epochs: int
    continues: bool
    frozen: frozenset[int]
    optimizer: object


class ScriptLimitError(Exception):
    """A script that does more than is read."""


@dataclass(slots=True)
class ReadingContext:
    """What is known while a script is read.

    Attributes:
        catalog: Describes layers.
        problems: Found so far.
        notes: What is left out, though the model is understood.
        calls: All calls of layers.
        steps: Statements and expressions so far.
        blocks: The functions of the script that are being called.
        settings: What compile and fit say, by "loss" and so on.
        applied: Lines that freeze or thaw layers.
        fits: All trainings.
        models: All models, in the order they were built.
        chosen: The model that was compiled or trained last.
        unknown_inputs: How many inputs of the next model have no known shape.
        given: What a person says about the script.
        used_names: Those of `given` that the script uses.
        run: Runs a function of the script, by reading it.
    """

    catalog: Catalog
    given: ScriptInputs = field(default_factory=ScriptInputs)
    problems: list[ScriptProblem] = field(default_factory=list)
    notes: list[ScriptProblem] = field(default_factory=list)
    calls: list[ScriptCall] = field(default_factory=list)
    steps: int = 0
    line: int = 0
    blocks: list[tuple[str, int]] = field(default_factory=list)
    block_count: int = 0
    settings: dict[str, Setting] = field(default_factory=dict)
    applied: set[int] = field(default_factory=set)
    fits: list[ScriptFit] = field(default_factory=list)
    models: list[ScriptModel | ScriptSequential] = field(default_factory=list)
    chosen: ScriptModel | ScriptSequential | ScriptObject | Unknown | None = None
    run: Callable[[Function, Arguments], object] | None = None
    unknown_inputs: int = 0
    used_names: set[str] = field(default_factory=set)
    shapes: object = None

    def step(self) -> None:
        """Count one more step.

        Raises:
            ScriptLimitError: There were too many.
        """
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise ScriptLimitError

    def weigh(self, *values: object) -> bool:
        """Count what an operation on values costs: more steps where they hold much.

        Args:
            *values: What is walked through or copied.

        Returns:
            Whether they hold little enough to be walked through.

        Raises:
            ScriptLimitError: There were too many steps.
        """
        waiting, seen = list(values), 0
        while waiting and seen <= MOST_ITEMS:
            each = waiting.pop()
            seen += 1
            if isinstance(each, (list, tuple)):
                waiting += each
            elif isinstance(each, dict):
                waiting += each.values()
            elif isinstance(each, (str, range)):
                seen += len(each) // ITEMS_OF_STEP
        self.count_items(seen)
        return seen <= MOST_ITEMS

    def count_items(self, count: int) -> None:
        """Count what a copy of so many items costs.

        Raises:
            ScriptLimitError: There were too many steps.
        """
        self.steps += count // ITEMS_OF_STEP
        if self.steps > MOST_STEPS:
            raise ScriptLimitError

    def report(self, line: int, text: str) -> Unknown:
        """Note a problem; what it concerns is unknown from here on."""
        problem = ScriptProblem(line, text)
        if problem not in self.problems and len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        return Unknown(text, line, reported=True)

    def note(self, line: int, text: str) -> None:
        """Note something that is left out."""
        found = ScriptProblem(line, text)
        if found not in self.notes and len(self.notes) < MOST_PROBLEMS:
            self.notes.append(found)

    def use_unknown(self, value: Unknown, what: str, line: int) -> Unknown:
        """The model needs a value that is not known.

        Args:
            value: The value.
            what: What is needed, as it is shown.
            line: Where.
        """
        if value.reported:
            return value
        text = _("{what} has no known value. {reason}")
        if value.line and value.line != line:
            text = _("{what} has no known value. {reason} (line {line})")
        return self.report(
            line, text.format(what=what, reason=value.reason, line=value.line)
        )

    def call(
        self,
        layer: ScriptLayer,
        given: tuple[tuple[int, ScriptTensor], ...],
        call: dict[str, Value],
        line: int,
    ) -> ScriptCall:
        """A call of a layer.

        Args:
            layer: The layer.
            given: Tensors by port.
            call: Other arguments.
            line: Where.

        Raises:
            ScriptLimitError: There are too many.
        """
        if len(self.calls) >= MOST_CALLS:
            raise ScriptLimitError
        number = len(self.calls)
        made = ScriptCall(layer, given, call, line, number, block=tuple(self.blocks))
        self.calls.append(made)
        layer.calls.append(made)
        return made


def too_large() -> UserError:
    """The error for a script that does more than is read."""
    return UserError(
        _("The script is too large, or repeats something too often."),
        _("Keep only what builds the model."),
    )
