"""Reports the hardware and software, and why TensorFlow does not use a GPU.

TensorFlow is queried in a subprocess: a broken one may crash instead of raising, and
its output at startup often explains the problem.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypedDict

from dlstudio import __version__, paths
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

PACKAGES = (
    "tensorflow",
    "keras",
    "numpy",
    "pillow",
    "scikit-learn",
    "pydantic",
    "typer",
    "rich",
    "PySide6-Essentials",
    "pyqtgraph",
)
SECONDS = 120
PROBE = """
import json, os
os.environ["KERAS_BACKEND"] = "tensorflow"
import tensorflow as tf
build = tf.sysconfig.get_build_info()
names = []
for device in tf.config.list_physical_devices("GPU"):
    details = tf.config.experimental.get_device_details(device)
    names.append(details.get("device_name", device.name))
import keras
print(json.dumps({
    "version": tf.__version__,
    "keras": keras.__version__,
    "built_with_cuda": bool(build.get("is_cuda_build")),
    "cuda": str(build.get("cuda_version", "")),
    "gpus": names,
}))
"""


class TensorFlowStatus(TypedDict, total=False):
    """The output of `PROBE`; empty if TensorFlow does not work."""

    version: str
    keras: str
    built_with_cuda: bool
    cuda: str
    gpus: list[str]


@dataclass(frozen=True, slots=True)
class Gpus:
    """GPUs: found by the driver, used by TensorFlow, and reasons for a difference."""

    found: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SystemReport:
    """The whole report; plain data.

    Attributes:
        packages: Version by name; None if not installed.
        tensorflow_works: Whether it could be imported.
        problem: What went wrong if it could not.
        cores: Logical processors.
        memory_bytes, memory_free_bytes, disk_free_bytes, cache_bytes: Sizes; the
            disk is that of the user's cache folder.
    """

    dlstudio: str
    python: str
    system: str
    packages: dict[str, str | None]
    tensorflow_works: bool
    problem: str
    gpus: Gpus
    qt: bool
    cores: int
    memory_bytes: int
    memory_free_bytes: int
    disk_free_bytes: int
    cache_folder: str
    cache_bytes: int
    advice: tuple[str, ...] = field(default_factory=tuple)

    def to_json(self) -> JsonObject:
        """The form `dlstudio doctor --json` prints."""
        return asdict(self)


def examine(python: str = sys.executable) -> SystemReport:
    """Examine the system; never raises.

    Args:
        python: The interpreter whose TensorFlow is examined.
    """
    import psutil

    answer, stderr_text = _query_tensorflow(python)
    memory = psutil.virtual_memory()
    cache = paths.user_cache()
    packages = {name: _version(name) for name in PACKAGES}
    problem = "" if answer else _last_line(stderr_text)
    advice = []
    if not answer:
        advice.append(_("TensorFlow is missing or damaged. Reinstall dlstudio."))
    return SystemReport(
        dlstudio=__version__,
        python=platform.python_version(),
        system=platform.platform(),
        packages=packages,
        tensorflow_works=bool(answer),
        problem=problem,
        gpus=_gpus(answer, stderr_text),
        qt=importlib.util.find_spec("PySide6") is not None,
        cores=os.cpu_count() or 1,
        memory_bytes=int(memory.total),
        memory_free_bytes=int(memory.available),
        disk_free_bytes=_free(cache),
        cache_folder=str(cache),
        cache_bytes=_size(cache),
        advice=tuple(advice),
    )


def _query_tensorflow(python: str) -> tuple[TensorFlowStatus, str]:
    """TensorFlow's status, and what it wrote to stderr."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "0"}
    try:
        done = subprocess.run(
            [python, "-c", PROBE],
            capture_output=True,
            timeout=SECONDS,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return {}, str(error)
    stderr_text = done.stderr.decode("utf-8", "replace")
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    if done.returncode != 0 or not lines:
        ended = _("TensorFlow exited with status {status}.")
        return {}, stderr_text or ended.format(status=done.returncode)
    answer: TensorFlowStatus = json.loads(lines[-1])
    return answer, stderr_text


def _gpus(answer: TensorFlowStatus, stderr_text: str) -> Gpus:
    found = _driver_gpus()
    used = tuple(answer.get("gpus", ()))
    reasons = () if used or not answer else tuple(_why_not(answer, stderr_text, found))
    return Gpus(found, used, reasons)


def _driver_gpus() -> tuple[str, ...]:
    """Names of NVIDIA GPUs from the driver's tool."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    command = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return ()
    if done.returncode != 0:
        return ()
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def _why_not(
    answer: TensorFlowStatus, stderr_text: str, found: Sequence[str]
) -> list[str]:
    """Reasons why TensorFlow uses no GPU, most likely first."""
    reasons = []
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    if hidden is not None and hidden.strip() in ("", "-1"):
        reasons.append(
            _("The environment variable CUDA_VISIBLE_DEVICES hides all GPUs.")
        )
    if not found and not Path("/proc/driver/nvidia/version").exists():
        reasons.append(_("No NVIDIA GPU was found, or its driver is not installed."))
    if sys.platform == "win32":
        reasons.append(
            _(
                "On Windows, TensorFlow supports GPUs only in WSL2. Install "
                "dlstudio there."
            )
        )
    elif sys.platform == "darwin":
        reasons.append(
            _(
                "On macOS, TensorFlow needs Apple's plugin tensorflow-metal to use "
                "the GPU."
            )
        )
    elif found and not answer.get("built_with_cuda"):
        reasons.append(_("The installed TensorFlow was built without CUDA."))
    elif found and "Cannot dlopen some GPU libraries" in stderr_text:
        reasons.append(
            _(
                "The CUDA libraries are missing. Install them with: python "
                "packaging/bootstrap.py install --gpu"
            )
        )
    elif found and not reasons:
        reasons.append(
            _("TensorFlow finds no GPU. It reports: {line}").format(
                line=_last_line(stderr_text)
            )
        )
    return reasons


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _free(folder: Path) -> int:
    """Free bytes on the disk of a folder that may not exist yet."""
    for place in (folder, *folder.parents):
        if place.exists():
            return shutil.disk_usage(place).free
    return 0


def _size(folder: Path) -> int:
    """Bytes of all files in a folder, recursively; unreadable files count 0."""
    total = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except OSError:
                continue
    return total
