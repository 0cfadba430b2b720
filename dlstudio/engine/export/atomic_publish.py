"""Publishes finished exports atomically, and never overwrites other files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from dlstudio.engine.export.previous_export import (
    CERTIFICATE,
    OLD,
    certified,
    digest,
    put_back,
    same,
    set_aside,
)
from dlstudio.engine.export.unfinished_exports import LOCK, PREFIX, clear, noted
from dlstudio.errors import UserError
from dlstudio.exchange import exchange
from dlstudio.i18n import _
from dlstudio.paths import sync_folder, user_errors
from dlstudio.safe_files import is_link

NEW = "new"
DONE = "done"


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A hidden folder beside `out`, on the same disk, removed when the block ends.

    Leftovers of a killed export beside `out` are removed first.

    Raises:
        UserError: The folder cannot be written.
    """
    with user_errors(out.parent, writing=True):
        out.parent.mkdir(parents=True, exist_ok=True)
        clear(out.parent)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=out.parent))
    lock = FileLock(folder / LOCK)
    with noted(folder):
        try:
            with user_errors(out.parent, writing=True):
                lock.acquire(timeout=10)
                (folder / NEW).mkdir()
            yield folder / NEW
        finally:
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)


def publish(new: Path, out: Path) -> None:
    """Move everything in `new` beside `out`, `out` itself last.

    If something was at `out`, it is never missing, except on systems that cannot
    exchange two folders. Earlier files are restored if anything fails, or by `put_back`
    after a kill.

    Raises:
        UserError: A file could not be moved; nothing has changed.
    """
    old = new.with_name(OLD)
    names = _in_order([each.name for each in new.iterdir()], out.name)
    placed: list[str] = []
    with user_errors(out, writing=True):
        try:
            set_aside(new, out.parent, names)
            for name in names:
                placed.append(name)
                _place(new / name, out.parent / name, old)
        except BaseException:
            for name in placed:
                if not os.path.lexists(old / name):
                    with suppress(OSError):
                        os.replace(out.parent / name, new / name)
            put_back(old, out.parent, placed)
            raise
        sync_folder(out.parent)
        # From here on the new export stays in place if the process is killed.
        os.rename(old, old.with_name(DONE))


def _place(new: Path, target: Path, old: Path) -> None:
    if not target.is_dir() or is_link(target):
        os.replace(new, target)  # atomic, whether the file exists or not
    elif not exchange(new, target):
        os.replace(target, old / target.name)
        os.replace(new, target)


def _in_order(names: Sequence[str], last: str) -> list[str]:
    """Names with the certificate first: it identifies leftovers of a kill as ours."""

    def rank(name: str) -> int:
        return 2 if name == last else 0 if name.endswith(CERTIFICATE) else 1

    return sorted(names, key=rank)


def check_free(out: Path, companions: Sequence[Path], replace: bool) -> None:
    """Check that no file of the user would be overwritten.

    Args:
        out: The file or folder to be written.
        companions: Files beside it that belong to the export.
        replace: Whether an untouched export of ours may be replaced.

    Raises:
        UserError: `out` or a companion exists, and is not an untouched export of ours
            that may be replaced.
    """
    taken = [path for path in (*companions, out) if os.path.lexists(path)]
    if not taken or (replace and is_ours(out)):
        return
    if not os.path.lexists(out) and _leftovers(companions):
        return
    hint = _("Choose another name.")
    if is_ours(out):
        hint = _("Choose another name, or allow the existing export to be replaced.")
    raise UserError(
        _("{path} already exists and was not changed.").format(path=taken[-1]), hint
    )


def is_ours(out: Path) -> bool:
    """Whether `out` is an unchanged export with its certificate."""
    files = certified(certificate_of(out))
    if files is None or out.is_symlink():
        return False
    root = out if out.is_dir() else out.parent
    if out.is_dir():
        there = {
            each.relative_to(root).as_posix()
            for each in root.rglob("*")
            if not each.is_dir() or each.is_symlink()
        }
        if there != {*files, CERTIFICATE}:
            return False
    elif out.name not in files:
        return False
    return all(same(root / name, expected) for name, expected in files.items())


def certificate_of(out: Path) -> Path:
    """Path of an export's certificate: in its folder, or beside its file."""
    return out / CERTIFICATE if out.is_dir() else beside(out, CERTIFICATE)


def beside(out: Path, name: str) -> Path:
    """Path of a file's companion: "model.keras" has "model.keras.labels.txt"."""
    return out.with_name(f"{out.name}.{name}")


def digests(root: Path, files: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each file, by its path relative to `root` with slashes."""
    return {each.relative_to(root).as_posix(): digest(each) for each in sorted(files)}


def _leftovers(companions: Sequence[Path]) -> bool:
    """Whether the companions belong to an export whose file is missing."""
    there = [path for path in companions if os.path.lexists(path)]
    certificate = next((p for p in there if p.name.endswith(CERTIFICATE)), None)
    files = certified(certificate) if certificate else None
    return files is not None and all(
        path == certificate or same(path, files.get(path.name, "")) for path in there
    )
