"""Writes repeated nested models as functions with a loop."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dlstudio.document.graph import NESTED, Node
from dlstudio.document.project import Project
from dlstudio.document.repetition import Repetition
from dlstudio.engine.codegen.literals import INDENT, quoted
from dlstudio.engine.codegen.names import identifier
from dlstudio.engine.model.copy_names import model_name
from dlstudio.errors import UserError
from dlstudio.i18n import _


def function_of(node: Node, functions: Mapping[str, str]) -> str:
    """The function that builds a nested model, repeated or not."""
    function = functions[str(node.params.get("graph", ""))]
    return _function(function, Repetition.of(node), functions.values())


def _function(function: str, repetition: Repetition, taken: Collection[str]) -> str:
    if not repetition:
        return function
    return _free(_repeated(function, repetition), taken)


def _repeated(name: str, repetition: Repetition) -> str:
    return f"{name}_x{repetition.count}{'_shared' if repetition.shared else ''}"


def repetitions_of(
    project: Project, graph: str, used: Collection[str]
) -> tuple[Repetition, ...]:
    """How a graph is repeated in the graphs that a script has.

    Args:
        project: The project.
        graph: Name of the graph.
        used: Names of the graphs in the script.
    """
    found = {
        Repetition.of(node): None
        for name in used
        for node in project.graphs[name].nodes.values()
        if node.kind == NESTED and node.params.get("graph") == graph
    }
    return tuple(each for each in found if each)


@dataclass(frozen=True, slots=True)
class RepetitionWriter:
    """Writes the functions that repeat one graph.

    Attributes:
        graph: Name of the graph.
        functions: The function that builds each graph once, by graph name.
        inputs: The variable of each input.
        input_rows: The statements that make the inputs.
        outputs: The expression of each output.
    """

    graph: str
    functions: Mapping[str, str]
    inputs: Sequence[str]
    input_rows: Sequence[str]
    outputs: Sequence[str]

    def rows(self, repetition: Repetition) -> Iterator[str]:
        """The function's lines.

        Raises:
            UserError: The number of the graph's outputs is not known, or is larger
                than that of its inputs.
        """
        several = any(text.startswith("*") for text in self.outputs)
        if several or len(self.outputs) > len(self.inputs):
            raise UserError(
                _("The model “{name}” cannot be repeated: it has more outputs than "
                  "inputs.").format(name=self.graph)
            )  # fmt: skip
        function = self.functions[self.graph]
        name = _function(function, repetition, self.functions.values())
        own = quoted(_repeated(identifier(self.graph), repetition))
        yield from ("", "", f"def {name}(name: str = {own}) -> keras.Model:")
        yield from (INDENT + row for row in self.input_rows)
        flowing = self._flowing()
        taken = [*flowing, *self.inputs[len(flowing) :]]
        given = ", ".join(taken)
        call = f"([{given}])" if len(taken) > 1 else f"({given})"
        results = ", ".join(flowing)
        yield f"{INDENT}{results} = {', '.join(self.inputs[: len(flowing)])}"
        stem = model_name(self.graph)
        if repetition.shared:
            yield f"{INDENT}copy = {function}(name={quoted(f'{stem}_1')})"
            yield f"{INDENT}for _ in range({repetition.count}):"
            yield f"{INDENT}{INDENT}{results} = copy{call}"
        else:
            yield f"{INDENT}for i in range({repetition.count}):"
            numbered = f"f{quoted(stem + '_{i + 1}')}"
            made = f"{function}(name={numbered})"
            yield f"{INDENT}{INDENT}{results} = {made}{call}"
        ends = f"{_list(self.inputs)}, {_list(flowing)}"
        yield f"{INDENT}return keras.Model({ends}, name=name)"

    def _flowing(self) -> list[str]:
        """Variables of what flows from copy to copy, apart from the inputs."""
        taken = {*self.inputs, "i", "copy", "name"}
        count = len(self.outputs)
        stems = ["x"] if count == 1 else [f"x_{i + 1}" for i in range(count)]
        return [_free(stem, taken) for stem in stems]


def _free(stem: str, taken: Collection[str]) -> str:
    while stem in taken:
        stem += "_"
    return stem


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
