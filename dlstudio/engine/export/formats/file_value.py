"""A value in the code of an export that is read from a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileValue:
    """A value that is read from a file.

    Attributes:
        code: Python of the value.
        shell: A shell command that prints the content in base 64; "" for none.
    """

    code: str
    shell: str = ""
