"""Loads an exported model without dlstudio and writes its predictions.

Run by path in a fresh, isolated interpreter; it may use the standard library, NumPy and
the export's own runtime, and blocks importing dlstudio. The job's folder is its only
argument:

    job.json      load (Python that loads the export), entries (each its name, what it
                  takes, and the Python that calls it), runtime (names of modules),
                  batch, stored, paths
    ...           the files of `stored`: what entries that give scores take, each with
                  the name of the variable that their Python reads; an array (samples,
                  ...), read as float32, or files, concatenated, `sizes` bytes each
    rows.npz      for entries that take "rows" or "encoded": arrays (samples, ...), in
    encoded.npz   the order of the job's `arguments`; strings as UTF-8 bytes
    files_<n>.bin for the n-th argument, if it takes contents of files: these,
                  concatenated; `files` has their sizes by argument

It writes `answer.json` (versions, labels, latencies, or an error) and one
`scores_<number>.npy` per entry, in their order; of rows `results_<number>.npz`, in the
order of the answer's `results`.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from dlstudio.json_values import JsonObject

    Batch: TypeAlias = npt.NDArray[np.uint8] | Sequence[bytes]
    EntryAnswer: TypeAlias = tuple[npt.ArrayLike, list[Any] | None]
    Entry: TypeAlias = Callable[[Batch], EntryAnswer]

ROWS = ("rows", "encoded")
WARM_UP = 2
TIMED = 20
TIMED_BATCHES = 5
TIMED_SECONDS = 3.0


def main(folder: Path) -> int:
    """Run the job in `folder` without dlstudio; returns the exit status."""
    # Any import of it, even from site-packages, now fails as if not installed.
    sys.modules["dlstudio"] = None  # type: ignore[assignment]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return run_job(folder)


def run_job(folder: Path) -> int:
    """Run the job in `folder`; the exit status is 0 if there is an answer."""
    place = {"entry": ""}
    try:
        answer = _answer(folder, place)
    except Exception as error:
        text = str(error).strip() or type(error).__name__
        answer = {"error": {"entry": place["entry"], "message": text[:2000]}}
    part = folder / "answer.json.part"
    part.write_text(json.dumps(answer), "utf-8")
    part.replace(folder / "answer.json")
    return 1 if "error" in answer else 0


def _end_with_parent() -> None:
    """End with the parent, which holds the other end of standard input.

    Read without Python's buffer: its lock, still held at interpreter exit, would turn a
    normal exit into an abort.
    """
    while os.read(0, 4096):
        pass
    os._exit(3)


def _answer(folder: Path, place: dict[str, str]) -> JsonObject:
    import numpy as np

    job = json.loads((folder / "job.json").read_text("utf-8"))
    sys.path.extend(path for path in job["paths"] if path not in sys.path)
    names: dict[str, Any] = {}
    began = time.perf_counter()
    exec(compile(job["load"], "<load>", "exec"), names)
    load_ms = 1000 * (time.perf_counter() - began)
    labels: list[Any] = []
    results: list[list[str]] = []
    latency = {}
    for number, entry in enumerate(job["entries"]):
        place["entry"] = entry["name"]
        samples: Any = _samples(folder, job, entry["takes"])
        call: Any
        if entry["takes"] in ROWS:
            call = _rows_caller(entry, names)
            results.append(_call_rows(call, samples, job["batch"], folder, number))
            labels.append(None)
        else:
            call = _caller(entry, job["stored"][entry["takes"]], names)
            scores, given = _call(call, samples, job["batch"])
            np.save(folder / f"scores_{number}.npy", np.asarray(scores, np.float32))
            labels.append(given)
        latency[entry["name"]] = _latency(call, samples, job["batch"])
    versions = {
        name: importlib.import_module(name).__version__ for name in job["runtime"]
    }
    return {
        "versions": {"python": sys.version.split()[0], **versions},
        "load_ms": load_ms,
        "labels": labels,
        "results": results,
        "latency": latency,
    }


def _samples(folder: Path, job: dict[str, Any], takes: str) -> Any:
    """All samples in the form that an entry takes."""
    import numpy as np

    if takes not in ROWS:
        stored = job["stored"][takes]
        if "sizes" in stored:
            return _read_files(folder / stored["file"], stored["sizes"])
        return np.load(folder / stored["file"], mmap_mode="r", allow_pickle=False)
    with np.load(folder / f"{takes}.npz", allow_pickle=False) as file:
        arrays = [file[f"arr_{place}"] for place in range(len(job["arguments"]))]
    rows = dict(zip(job["arguments"], arrays, strict=True))
    if takes == "rows":
        for argument, sizes in job["files"].items():
            place = job["arguments"].index(argument)
            contents = np.empty(len(sizes), object)
            contents[:] = _read_files(folder / f"files_{place}.bin", sizes)
            rows[argument] = contents
    return ArgumentRows(rows)


def _caller(
    entry: dict[str, str], stored: dict[str, Any], names: dict[str, Any]
) -> Entry:
    """A function that runs an entry's code on a batch: scores and optional labels.

    Args:
        entry: The entry.
        stored: What it takes.
        names: The variables of its code.
    """
    code = compile(entry["code"], f"<{entry['name']}>", "exec")

    def call(batch: Batch) -> EntryAnswer:
        import numpy as np

        is_array = "sizes" not in stored
        given = np.asarray(batch, np.float32) if is_array else list(batch)
        names[stored["variable"]] = given
        exec(code, names)
        labels = names.pop("labels", None)
        return names["scores"], None if labels is None else _text(labels.tolist())

    return call


def _text(labels: list[Any]) -> list[Any]:
    def plain(item: Any) -> Any:
        return _text(item) if isinstance(item, list) else item.decode()

    return [plain(item) for item in labels]


class ArgumentRows:
    """The values of some rows by argument, to be sliced like an array.

    Args:
        columns: Arrays (rows, ...).
    """

    def __init__(self, columns: dict[str, npt.NDArray[Any]]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, rows: slice) -> ArgumentRows:
        return ArgumentRows({name: each[rows] for name, each in self.columns.items()})


def _rows_caller(
    entry: dict[str, str], names: dict[str, Any]
) -> Callable[[ArgumentRows], dict[str, npt.NDArray[Any]]]:
    """A function that runs an entry's code on rows: arrays by name."""
    code = compile(entry["code"], f"<{entry['name']}>", "exec")

    def call(batch: ArgumentRows) -> dict[str, npt.NDArray[Any]]:
        names["rows"] = dict(batch.columns)
        exec(code, names)
        results: dict[str, npt.NDArray[Any]] = names.pop("results")
        return results

    return call


def _call_rows(
    entry: Callable[[ArgumentRows], dict[str, npt.NDArray[Any]]],
    samples: ArgumentRows,
    batch: int,
    folder: Path,
    number: int,
) -> list[str]:
    """Write the results for all rows, strings as bytes; their names in order."""
    import numpy as np

    def plain(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return values.astype(np.bytes_) if values.dtype == object else values

    answers = [
        entry(samples[start : start + batch]) for start in range(0, len(samples), batch)
    ]
    names = list(answers[0])
    found = [np.concatenate([plain(each[name]) for each in answers]) for name in names]
    np.savez(folder / f"results_{number}.npz", *found)
    return names


def _read_files(path: Path, sizes: Sequence[int]) -> list[bytes]:
    with path.open("rb") as stream:
        return [stream.read(size) for size in sizes]


def _call(entry: Entry, samples: Batch, batch: int) -> EntryAnswer:
    """Scores (samples, classes), and the labels if the entry returns any."""
    import numpy as np

    answers = [
        entry(samples[start : start + batch]) for start in range(0, len(samples), batch)
    ]
    scores = np.concatenate([np.asarray(scores) for scores, _ in answers])
    given = [labels for _, labels in answers if labels is not None]
    return scores, [label for labels in given for label in labels] if given else None


def _latency(
    entry: Callable[[Any], object], samples: Any, batch: int
) -> dict[str, float | int]:
    """Median milliseconds of one sample and of a whole batch."""
    whole = samples[:batch]
    return {
        "single_ms": _median(lambda: entry(samples[:1]), TIMED),
        "batch_ms": _median(lambda: entry(whole), TIMED_BATCHES),
        "batch": len(whole),
    }


def _median(call: Callable[[], object], times: int) -> float:
    for _unused in range(WARM_UP):
        call()
    seconds: list[float] = []
    while len(seconds) < times and (not seconds or sum(seconds) < TIMED_SECONDS):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return 1000 * statistics.median(seconds)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
