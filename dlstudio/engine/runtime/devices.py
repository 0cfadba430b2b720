"""Chooses the training device: the CPU, one GPU, or several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import tensorflow as tf

from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class TrainingPlacement:
    """Where a training runs.

    Attributes:
        devices: TensorFlow's names, such as "GPU:0".
        name: Display name: "CPU" or "GPU:0 (NVIDIA ...)".
        strategy: Distributes each batch over several devices; None for one device.
    """

    devices: tuple[str, ...]
    name: str
    strategy: Any = None

    @contextmanager
    def scope(self) -> Iterator[None]:
        """A context in which variables and operations are placed on the device(s)."""
        with ExitStack() as stack:
            if self.strategy is None:
                stack.enter_context(tf.device(self.devices[0]))
            else:
                stack.enter_context(self.strategy.scope())
            yield


def choose_placement(choice: str, kind: str = "GPU") -> TrainingPlacement:
    """The placement for a plan's `device`.

    Args:
        choice: "auto" (the first GPU, else the CPU), "cpu", "gpu:N" or "all".
        kind: Device type of "gpu:N" and "all"; tests use several logical CPUs.

    Raises:
        UserError: There is no such device.
    """
    names = devices_for(choice, kind)
    if not names:
        return TrainingPlacement(("CPU:0",), "CPU")
    if len(names) == 1:
        return _one(names[0], kind)
    return TrainingPlacement(names, ", ".join(names), _mirrored(names))


@cache
def _mirrored(names: tuple[str, ...]) -> Any:
    """The strategy for several devices; always the same one for the same devices.

    A second one would number its collective operations from the start again, and
    TensorFlow mistakes them for those of the first.
    """
    return tf.distribute.MirroredStrategy(list(names))


def devices_for(choice: str, kind: str = "GPU") -> tuple[str, ...]:
    """Names of the devices that `choose_placement` would use; none for the CPU.

    Raises:
        UserError: There is no such device.
    """
    if choice == "cpu":
        return ()
    names = accelerators(kind)
    if choice == "auto":
        return tuple(names[:1])
    if choice == "all":
        if not names:
            raise _no_gpu(choice)
        return tuple(names)
    number = re.fullmatch(r"gpu:(\d{1,3})", choice)
    if number is None:
        raise UserError(
            _("There is no device called “{choice}”.").format(choice=choice),
            _("Choose auto, cpu, gpu:0, gpu:1, … or all."),
        )
    if int(number[1]) >= len(names):
        raise _no_gpu(choice, names)
    return (names[int(number[1])],)


def accelerators(kind: str = "GPU") -> list[str]:
    """Names of the logical devices; GPU memory growth is enabled."""
    if kind == "GPU":
        for device in tf.config.list_physical_devices("GPU"):
            with suppress(RuntimeError):  # already initialized, so already set
                tf.config.experimental.set_memory_growth(device, True)
    found = tf.config.list_logical_devices(kind)
    return [device.name.removeprefix("/device:") for device in found]


def _one(name: str, kind: str) -> TrainingPlacement:
    return TrainingPlacement((name,), f"{name}{_model_of(name, kind)}")


def _model_of(name: str, kind: str) -> str:
    devices = tf.config.list_physical_devices(kind)
    number = int(name.rpartition(":")[2])
    if kind != "GPU" or number >= len(devices):
        return ""
    details = tf.config.experimental.get_device_details(devices[number])
    model = details.get("device_name", "")
    return f" ({model})" if model else ""


def _no_gpu(choice: str, names: list[str] | None = None) -> UserError:
    found = ", ".join(names) if names else _("none")
    return UserError(
        _(
            "The plan requires {choice}, but TensorFlow finds these GPUs: {found}."
        ).format(choice=choice, found=found),
        _(
            "Set the device to auto or cpu. “dlstudio doctor” shows why a GPU is "
            "not found."
        ),
    )
