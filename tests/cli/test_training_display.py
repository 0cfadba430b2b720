"""The display of a training: lines in a pipe, a bar on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from dlstudio.cli.output import Output
from dlstudio.cli.training_display import TrainingDisplay
from dlstudio.document.events import (
    EpochBegan,
    EpochEnded,
    Event,
    FeaturesComputed,
    Intervened,
    RunStarted,
    StepsDone,
)
from dlstudio.document.sample_nouns import IMAGES, ROWS
from dlstudio.document.values import FrozenMap

EVENTS: list[Event] = [
    RunStarted(
        0, "r1", epochs=12, steps_per_epoch=4, batch_size=8, samples=32, device="CPU"
    ),
    EpochBegan(0, 1),
    FeaturesComputed(60, 1200, 5000),
    FeaturesComputed(61, 1232, 5000),
    StepsDone(0, 1, 2, FrozenMap({"loss": 0.5}), (0.5, 0.5), 0.1, 1234.5),
    Intervened(0, 1, 2, "learning_rate", 0.01),
    EpochEnded(
        0, 1, FrozenMap({"loss": float("nan"), "val_loss": 0.25}), 0.1, 2.0, best=True
    ),
]


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def show(output: Output, noun: str = IMAGES) -> None:
    curves = TrainingDisplay(output, noun)
    with curves.shown():
        curves.preparing(1, 2)
        for event in EVENTS:
            curves.see(event)


def test_a_pipe_gets_a_line_for_what_matters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(Output())
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Run r1: 32 samples, batch size 8, on CPU",
        "Computing features: 1,200 of 5,000",
        "  lr → 0.01",
        " 1/12  loss –  val_loss 0.2500  2.0 s  *",
    ]


@pytest.mark.parametrize("noun", [IMAGES, ROWS])
def test_a_terminal_gets_a_bar_too(monkeypatch: pytest.MonkeyPatch, noun: str) -> None:
    stream = Terminal()
    output = Output()
    monkeypatch.setattr(output, "_stderr", stream)
    console = Console(file=stream, force_terminal=True, width=100)
    output.__dict__["progress_console"] = console
    show(output, noun)
    shown = Text.from_ansi(stream.getvalue()).plain
    assert "Epoch 1 of 12" in shown and f"1,234 {noun}/s" in shown
    assert " 1/12  loss –  val_loss 0.2500  2.0 s  *" in shown


def test_metrics_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    curves = TrainingDisplay(Output(), ROWS)
    for epoch, mae in enumerate((163.5421, 97.25, 8.1), 1):
        curves.see(EpochEnded(0, epoch, FrozenMap({"mae": mae, "r2": 0.5}), 0.1, 1.0))
    places = [line.index("r2") for line in capsys.readouterr().err.splitlines()]
    assert len(places) == 3 and len(set(places)) == 1
