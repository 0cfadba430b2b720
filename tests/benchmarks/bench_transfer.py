"""The template `image-transfer` on few images: accuracy, and time of later epochs.

    python tests/benchmarks/bench_transfer.py --data FOLDER --weights FILE [--seeds N]
        [--json]
    python tests/benchmarks/bench_transfer.py --quick [--json]

FOLDER has `train` and `test`, each with a folder of images for each class, such as 20
and 100 images of each class of CIFAR-10. FILE has Keras' ImageNet weights of MobileNet,
alpha 0.25, without its top (`mobilenet_2_5_224_tf_no_top.h5`). Three sides train on the
same images, with several seeds:

- dlstudio with these weights, by the command line (`new`, `train`, `evaluate`);
- dlstudio without them: the same network from random weights, trained as a whole;
- `sides/transfer_fit.py`, a script in Keras as its guide to transfer learning has it,
  with the frozen network in the loop.

The time of later epochs is the median of all but the first. `--quick` trains the first
and the last once with a few small images and random weights made here, takes the
accuracy of validation for dlstudio, and judges nothing.

It exits with 1 if the mean accuracy is not at least 0.15 above that without weights, is
more than 0.02 below the script's, or if later epochs are not 20 times as fast as the
script's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT, SIDES = HERE.parents[1], HERE / "sides"
sys.path[:0] = [str(HERE), str(ROOT)]

from bench_accuracy import studio
from comparison import import_path, process
from machine import describe

PRETRAINED, SCRATCH, SCRIPT = "dlstudio", "dlstudio, no weights", "Keras script"
GAIN, LOSS, TIMES = 0.15, 0.02, 20.0
"""Least gain by weights, most loss to the script, least ratio of the epochs' times."""
ALPHA, SIZE, EPOCHS, SEEDS = 0.25, 224, 30, 3
QUICK_SIZE, QUICK_IMAGES = 32, 8


@dataclass(frozen=True, slots=True)
class Turn:
    """One training of one side.

    Attributes:
        side: Who trained.
        accuracy: On the test images.
        later: Median wall time of later epochs, in seconds.
    """

    side: str
    accuracy: float
    later: float


@dataclass(frozen=True, slots=True)
class Case:
    """What is trained on.

    Attributes:
        data: Folder of the images.
        weights: Of the network.
        size: Of the images in the network.
        epochs: Of the trainings that do not leave it to the template.
        quick: Whether accuracy is that of validation.
    """

    data: Path
    weights: Path
    size: int = SIZE
    epochs: int = EPOCHS
    quick: bool = False

    def ours(self, folder: Path, seed: int, *, pretrained: bool) -> Turn:
        """A training by the command line.

        Args:
            folder: A new one, for the project.
            seed: Of the training and the split.
            pretrained: Whether it begins with the weights.
        """
        settings = {
            "backbone.alpha": ALPHA,
            "layers.resize.height": self.size,
            "layers.resize.width": self.size,
            "plan.seed": seed,
            "data.split.seed": seed,
        }
        if self.quick or not pretrained:
            settings["plan.epochs"] = self.epochs
        studio(
            "new",
            folder,
            *("--template", "image-transfer", "--data", self.data),
            *("--backbone", "MobileNet"),
            *("--weights", self.weights if pretrained else "none"),
            *(part for key, value in settings.items() for part in _set(key, value)),
        )
        studio("train", folder, "--no-evaluate")
        epochs = _epochs_of(folder)
        if self.quick:
            accuracy = epochs[-1]["metrics"]["val_accuracy"]
        else:
            found = json.loads(studio("evaluate", folder, "--json"))
            accuracy = found["metrics"]["accuracy"]
        side = PRETRAINED if pretrained else SCRATCH
        return Turn(side, float(accuracy), _later([e["seconds"] for e in epochs]))

    def script(self, seed: int) -> Turn:
        """A training by the script."""
        given = (self.data, self.weights, ALPHA, self.size, self.epochs, seed)
        command = [str(SIDES / "transfer_fit.py"), *map(str, given)]
        found = json.loads(process(command, import_path(ROOT))[1].splitlines()[-1])
        return Turn(SCRIPT, float(found["accuracy"]), _later(found["seconds"]))


def _set(key: str, value: object) -> tuple[str, str]:
    return "--set", f"{key}={value}"


def _later(seconds: Sequence[float]) -> float:
    return statistics.median(seconds[1:])


def _epochs_of(folder: Path) -> list[dict[str, Any]]:
    """What a project's only run has reported of each epoch."""
    (path,) = folder.glob("runs/*/events.jsonl")
    events = map(json.loads, path.read_text("utf-8").splitlines())
    return [each for each in events if each["event"] == "EpochEnded"]


def measure(case: Case, seeds: int, place: Path) -> list[Turn]:
    """All sides with all seeds."""
    found: list[Turn] = []
    for seed in range(seeds):
        found.append(case.ours(place / f"with-{seed}", seed, pretrained=True))
        found.append(case.script(seed))
        if not case.quick:
            scratch = place / f"without-{seed}"
            found.append(case.ours(scratch, seed, pretrained=False))
        for turn in found[-3:]:
            print(asdict(turn), file=sys.stderr, flush=True)
    return found


def quick_case(folder: Path) -> Case:
    """A few small images, and random weights."""
    import keras
    import numpy as np

    random = np.random.default_rng(0)
    for part in ("train", "test"):
        for number, name in enumerate(("dark", "light")):
            (folder / part / name).mkdir(parents=True)
            for image in range(QUICK_IMAGES):
                pixels = random.uniform(0, 120, (QUICK_SIZE, QUICK_SIZE, 3))
                path = folder / part / name / f"{image}.png"
                keras.utils.save_img(path, pixels + 120 * number, scale=False)
    network = keras.applications.MobileNet(
        alpha=ALPHA,
        include_top=False,
        weights=None,
        input_shape=(QUICK_SIZE, QUICK_SIZE, 3),
    )
    weights = folder / "own.weights.h5"
    network.save_weights(weights)
    return Case(folder, weights, QUICK_SIZE, epochs=2, quick=True)


def summary(turns: Sequence[Turn]) -> dict[str, dict[str, float]]:
    """Mean accuracy and median time of later epochs of each side."""
    found: dict[str, dict[str, float]] = {}
    for side in dict.fromkeys(turn.side for turn in turns):
        mine = [turn for turn in turns if turn.side == side]
        found[side] = {
            "accuracy": statistics.mean(turn.accuracy for turn in mine),
            "later": statistics.median(turn.later for turn in mine),
        }
    return found


def holds(sides: dict[str, dict[str, float]]) -> bool:
    """Whether all bounds are kept."""
    ours, scratch, script = (sides[each] for each in (PRETRAINED, SCRATCH, SCRIPT))
    return (
        ours["accuracy"] >= scratch["accuracy"] + GAIN
        and ours["accuracy"] >= script["accuracy"] - LOSS
        and script["later"] >= TIMES * ours["later"]
    )


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns 1 where a bound is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of the images")
    parser.add_argument("--weights", type=Path, help="file of the weights")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="(%(default)s)")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    given = parser.parse_args(arguments)
    if not given.quick and not (given.data and given.weights):
        parser.error("--data FOLDER and --weights FILE are needed, or --quick")
    with tempfile.TemporaryDirectory(prefix="bench-transfer-") as folder:
        place = Path(folder)
        if given.quick:
            turns = measure(quick_case(place / "images"), 1, place)
        else:
            data, weights = given.data.absolute(), given.weights.absolute()
            turns = measure(Case(data, weights), given.seeds, place)
    sides = summary(turns)
    show(sides, turns, as_json=given.json)
    return 0 if given.quick or holds(sides) else 1


def show(
    sides: dict[str, dict[str, float]], turns: Sequence[Turn], *, as_json: bool
) -> None:
    """Print the results.

    Args:
        sides: Of each side.
        turns: All trainings.
        as_json: Whether as JSON, with everything.
    """
    ratio = sides[SCRIPT]["later"] / sides[PRETRAINED]["later"]
    if as_json:
        whole: dict[str, Any] = {"machine": describe(), "sides": sides}
        whole |= {"ratio": ratio, "turns": [asdict(turn) for turn in turns]}
        print(json.dumps(whole))
        return
    print("| side | accuracy | later epochs, seconds |\n|---|---:|---:|")
    for side, found in sides.items():
        print(f"| {side} | {found['accuracy']:.3f} | {found['later']:.4f} |")
    print(f"\nLater epochs, script ÷ dlstudio: {ratio:.1f}")


if __name__ == "__main__":
    sys.exit(main())
