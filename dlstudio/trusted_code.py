"""Which code of models this user trusts, on this computer.

Code is known by the SHA-256 digest of what would be run, never by a name or a place: a
changed file is other code. The list is kept with the user's settings and never in a
project, so that a project that is handed on is trusted by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.json_file import read_json
from dlstudio.user_file_lock import user_file_lock

FILE = "trusted_code.json"
LARGEST = 4 * 2**20
LOCK_SECONDS = 5.0
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class TrustedCode(BaseModel):
    """The file's content.

    Attributes:
        version: Of its form.
        trusted: Digest of each trusted code, with the name it had when it was trusted.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    trusted: dict[Digest, str] = Field(default_factory=dict)


class TrustStore:
    """Reads and changes the list of trusted code.

    Args:
        folder: Of the user's settings; None for the usual one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or paths.user_config()) / FILE

    def digests(self) -> frozenset[str]:
        """Digests of all trusted code; none if the file is missing or damaged."""
        return frozenset(self._read().trusted)

    def trust(self, names: Mapping[str, str]) -> None:
        """Trust code from now on.

        Args:
            names: What it is called, by digest.

        Raises:
            UserError: The file cannot be written.
        """
        with user_file_lock(self.path, LOCK_SECONDS):
            self._write({**self._read().trusted, **names})

    def revoke(self, digests: Iterable[str]) -> None:
        """Trust code no longer.

        Raises:
            UserError: The file cannot be written.
        """
        removed = set(digests)
        with user_file_lock(self.path, LOCK_SECONDS):
            kept = self._read().trusted
            self._write({key: kept[key] for key in kept if key not in removed})

    def _read(self) -> TrustedCode:
        try:
            return TrustedCode.model_validate(read_json(self.path, LARGEST))
        except (UserError, OSError, ValidationError):
            return TrustedCode()  # of a damaged file, nothing is trusted

    def _write(self, trusted: Mapping[str, str]) -> None:
        made = TrustedCode(trusted=dict(trusted))
        paths.write_text(self.path, made.model_dump_json(indent=2) + "\n")
