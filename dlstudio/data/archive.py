"""Zip archives of data: checked before anything is written, then unpacked atomically.

Archives that would write outside their folder, that expand excessively (zip bombs), or
that are encrypted are refused. Links and system files in archives are skipped.
"""

from __future__ import annotations

import errno
import lzma
import os
import shutil
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dlstudio import temporary_files
from dlstudio.data.fileinfo import LITTER
from dlstudio.data.limits import grows_too_much
from dlstudio.data.parallel import Progress, ShouldStop, check_stop
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.paths import os_error, user_errors

MOST_FILES = 2_000_000
LARGEST = 2**40
SPARE = 256 * 2**20
PIECE = 2**20
UTF8, LOCKED = 0x800, 0x1
WINDOWS = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{name}{digit}" for name in ("com", "lpt") for digit in range(1, 10)}
)
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError),
    *(ValueError, RuntimeError),
)


@dataclass(frozen=True)
class ArchiveEntry:
    """A file of an archive and its target name, relative and with slashes."""

    info: zipfile.ZipInfo
    name: str


@dataclass(frozen=True)
class ArchiveContents:
    """The usable contents of an archive.

    Attributes:
        entries: The files to unpack.
        size: Their unpacked size in bytes.
        skipped: Number of skipped files: links and system files.
    """

    entries: tuple[ArchiveEntry, ...]
    size: int
    skipped: int


def read_contents(path: Path) -> ArchiveContents:
    """Read and check an archive's contents; nothing is written.

    Raises:
        UserError: It is not an archive, is damaged or encrypted, or is unsafe.
    """
    with user_errors(path, writing=False), _report_damage(path):
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
        return _checked(path, infos, path.stat().st_size)


def unpack(
    path: Path,
    target: Path,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> Path:
    """Unpack an archive into a new folder.

    Everything is written beside it first, so the folder is created completely or not at
    all.

    Args:
        progress: Called with the unpacked and the total bytes.

    Raises:
        UserError: As `read_contents`; or the disk is full, or the folder exists.
        Stopped: `should_stop` returned True; nothing is left behind.
    """
    contents = read_contents(path)
    with user_errors(target, writing=True):
        _check_room(target, contents.size)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary_files.remove_stale(target.parent)
        scratch = temporary_files.temporary_folder(target)
        try:
            with _report_damage(path), zipfile.ZipFile(path) as archive:
                _write_all(archive, contents, scratch, progress, should_stop)
            if target.exists():  # a rename must never replace an existing folder
                raise _exists(target)
            scratch.chmod(0o755)
            os.rename(scratch, target)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
    return target


def _check_room(target: Path, size: int) -> None:
    if target.exists():
        raise _exists(target)
    there = next(each for each in target.absolute().parents if each.exists())
    if shutil.disk_usage(there).free < size + SPARE:
        raise os_error(OSError(errno.ENOSPC, ""), target, writing=True)


def _exists(target: Path) -> UserError:
    return UserError(
        _("{folder} already exists. Nothing was overwritten.").format(folder=target),
        _("Choose another name, or delete the folder."),
    )


@contextmanager
def _report_damage(path: Path) -> Iterator[None]:
    """Convert the reader's exceptions for damaged archives to a UserError."""
    try:
        yield
    except DAMAGE as error:
        raise UserError(
            _("{path} is not a readable zip archive: {reason}.").format(
                path=path.name, reason=str(error).rstrip(".") or type(error).__name__
            ),
            _("Create or download the archive again."),
        ) from error


def _checked(path: Path, infos: list[zipfile.ZipInfo], packed: int) -> ArchiveContents:
    if len(infos) > MOST_FILES:
        raise _refused(path, _("it contains {count} files").format(count=len(infos)))
    entries, skipped = _entries(path, infos)
    size = sum(each.info.file_size for each in entries)
    if size > LARGEST or grows_too_much(packed, size):
        text = _("its {packed} KB would expand to {size} MB")
        raise _refused(path, text.format(packed=packed // 1024, size=size // 2**20))
    if sum(each.info.compress_size for each in entries) > packed:
        raise _refused(path, _("files in it overlap"))
    if any(each.info.flag_bits & LOCKED for each in entries):
        raise UserError(
            _("{path} is password-protected.").format(path=path.name),
            _("Unpack it yourself and choose the folder."),
        )
    if not entries:
        raise UserError(
            _("{path} contains no files.").format(path=path.name),
            _("Use an archive of a folder with one subfolder per class."),
        )
    return ArchiveContents(tuple(entries), size, skipped)


def _entries(
    path: Path, infos: list[zipfile.ZipInfo]
) -> tuple[list[ArchiveEntry], int]:
    entries: list[ArchiveEntry] = []
    taken: set[str] = set()
    skipped = 0
    for info in infos:
        if info.is_dir():
            continue
        name = _name(path, info)
        if _is_link(info) or _is_litter(name):
            skipped += 1
            continue
        key = name.casefold()
        if key in taken:
            raise _refused(
                path, _("two files in it have the name {name}").format(name=name)
            )
        taken.add(key)
        entries.append(ArchiveEntry(info, name))
    return entries, skipped


def _name(path: Path, info: zipfile.ZipInfo) -> str:
    """The file's path below the target.

    Raises:
        UserError: It points outside the target, or is not a portable file name.
    """
    name = _decoded(info).replace("\\", "/")
    parts = PurePosixPath(name).parts
    bad = (
        name.startswith("/")
        or any(part == ".." or ":" in part or "\0" in part for part in parts)
        or any(part.split(".")[0].lower() in WINDOWS for part in parts)
        or any(ord(letter) < 32 for letter in name)
        or not parts
    )
    if bad:
        text = _("the file “{name}” in it points outside its folder")
        raise _refused(path, text.format(name=name[:80]))
    return unicodedata.normalize("NFC", "/".join(part.rstrip(" .") for part in parts))


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name with its encoding guessed: older archives do not specify it."""
    if info.flag_bits & UTF8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_link(info: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(info.external_attr >> 16)
    return kind not in (0, stat.S_IFREG)


def _is_litter(name: str) -> bool:
    return any(part in LITTER or part.startswith(".") for part in name.split("/"))


def _refused(path: Path, reason: str) -> UserError:
    return UserError(
        _("{path} was not unpacked: {reason}.").format(path=path.name, reason=reason),
        _("If you trust it, unpack it yourself and choose the folder."),
    )


def _write_all(
    archive: zipfile.ZipFile,
    contents: ArchiveContents,
    folder: Path,
    progress: Progress | None,
    should_stop: ShouldStop | None,
) -> None:
    done = 0
    for entry in contents.entries:
        path = folder.joinpath(*entry.name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry.info) as source, open(path, "xb") as target:
            while piece := source.read(PIECE):
                check_stop(should_stop)
                target.write(piece)
                done += len(piece)
                if done > contents.size:
                    raise zipfile.BadZipFile(entry.name)
        check_stop(should_stop)
        if progress is not None:
            progress(done, contents.size)
