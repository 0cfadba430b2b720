"""Commands formatted for a shell."""

from __future__ import annotations

import shlex
import subprocess
import sys


def quoted(word: object) -> str:
    """A word quoted for the system's shell."""
    if sys.platform == "win32":
        return subprocess.list2cmdline([str(word)])
    return shlex.quote(str(word))


def command_text(*words: object) -> str:
    """A dlstudio command with its words quoted."""
    return " ".join(["dlstudio", *map(quoted, words)])
