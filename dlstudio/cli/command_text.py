"""Commands as a person can type them."""

from __future__ import annotations

import shlex
import subprocess
import sys


def quoted(word: object) -> str:
    """One word as the system's shell wants it."""
    if sys.platform == "win32":
        return subprocess.list2cmdline([str(word)])
    return shlex.quote(str(word))


def command_text(*words: object) -> str:
    """A dlstudio command with its words quoted."""
    return " ".join(["dlstudio", *map(quoted, words)])
