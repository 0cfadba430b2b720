"""The lines of a script while it is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlstudio.engine.codegen.literals import INDENT


@dataclass
class ScriptBody:
    """Lines of a script, and the line range of each node's statement.

    Attributes:
        rows: The lines so far.
        spans: First and last line, from 1, of each node, by graph and node id.
    """

    rows: list[str] = field(default_factory=list)
    spans: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)

    def add(self, *rows: str) -> None:
        """Append lines unchanged."""
        self.rows.extend(rows)

    def statement(self, text: list[str], graph: str, node: str) -> None:
        """Append a node's statement, indented, and record its line range.

        Args:
            text: Its lines without indentation.
            graph: Name of the graph.
            node: Id of the node in it.
        """
        first = len(self.rows) + 1
        self.add(*(INDENT + row for row in text))
        self.spans.setdefault(graph, {})[node] = (first, len(self.rows))
