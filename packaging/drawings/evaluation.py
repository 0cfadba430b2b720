"""Pictures of how good a model is, and of what is exported."""

from __future__ import annotations

import math

from drawings.pen import BLUE, GREEN, INK, ORANGE, RED, Pen


def row_of(pen: Pen, y: float, right: int, count: int, color: str = GREEN) -> None:
    """Dots, of which the first are right."""
    for number in range(count):
        place = (40 + number * 26, y)
        pen.dot(place, 9, color if number < right else RED, 0.85)


def baseline(pen: Pen) -> None:
    pen.line((60, 16), (60, 112))
    for y, share, color, text in ((36, 0.1, INK, "10 %"), (80, 0.993, BLUE, "99.3 %")):
        pen.box((61, y - 14), (180 * share, 28), color, 0.6, radius=1)
        pen.text((61 + 180 * share + 26, y + 5), text, 13, color)


def accuracy(pen: Pen) -> None:
    row_of(pen, 50, 8, 10)
    pen.text((160, 100), "8 / 10 = 80 %", 16)


def balanced_accuracy(pen: Pen) -> None:
    row_of(pen, 30, 7, 8)
    for number in range(2):
        pen.dot((40 + number * 26, 66), 9, GREEN if number == 0 else RED, 0.85)
    pen.text((272, 35), "7/8", 13)
    pen.text((272, 71), "1/2", 13)
    pen.text((160, 114), "(88 % + 50 %) / 2 = 69 %", 14)


def top_k(pen: Pen) -> None:
    for number, (name, share) in enumerate(
        (("9", 0.5), ("4", 0.3), ("7", 0.14), ("1", 0.06))
    ):
        y = 16 + number * 27
        color = GREEN if name == "4" else INK
        pen.text((52, y + 15), name, 14, color)
        pen.box((70, y), (share * 300, 20), color, 0.6)
    pen.frame((34, 10), (200, 82))
    pen.text((266, 56), "k = 3", 13, ORANGE)


def circles(pen: Pen, lit: str) -> None:
    """What is a class, and what was called so."""
    pen.dot((128, 64), 48, BLUE, 0.35 if lit == "truth" else 0.15)
    pen.dot((186, 64), 48, ORANGE, 0.35 if lit == "answer" else 0.15)
    half = [
        (
            157 + 19.4 * math.cos(t / 20 * math.tau),
            64 + 38 * math.sin(t / 20 * math.tau),
        )
        for t in range(20)
    ]
    pen.area(half, GREEN, 0.8)


def precision(pen: Pen) -> None:
    circles(pen, "answer")
    pen.line((252, 64), (290, 64), INK, 2)
    pen.dot((271, 46), 9, GREEN)
    pen.dot((271, 84), 11, ORANGE)


def recall(pen: Pen) -> None:
    circles(pen, "truth")
    pen.line((252, 64), (290, 64), INK, 2)
    pen.dot((271, 46), 9, GREEN)
    pen.dot((271, 84), 11, BLUE)


def f1(pen: Pen) -> None:
    for number, (share, color, text) in enumerate(
        ((1, ORANGE, "100 %"), (0.5, BLUE, "50 %"), (0.667, GREEN, "67 %"))
    ):
        y = 16 + number * 36
        pen.box((40, y), (190 * share, 26), color, 0.6)
        pen.text((262, y + 18), text, 13, color)


def confusion_matrix(pen: Pen) -> None:
    numbers = ((26, 0, 1), (0, 27, 0), (0, 1, 26))
    for row in range(3):
        for column in range(3):
            value = numbers[row][column]
            place = (100 + column * 40, 8 + row * 40)
            color = BLUE if row == column else RED
            pen.box(
                place,
                (38, 38),
                color,
                0.55 if row == column else 0.3 * bool(value) + 0.06,
            )
            pen.text((place[0] + 19, place[1] + 24), str(value), 14)


def roc_auc(pen: Pen) -> None:
    pen.axes((104, 116), (110, 106))
    points = [(0, 0), (0.05, 0.5), (0.15, 0.78), (0.35, 0.93), (1, 1)]
    places = [(104 + x * 100, 116 - y * 100) for x, y in points]
    pen.area([*places, (204, 116)], BLUE)
    pen.path(places, BLUE)
    pen.line((104, 116), (204, 16), INK, 1, "4 4")


def log_loss(pen: Pen) -> None:
    pen.axes((50, 112), (230, 98))
    pen.graph((50, 112), (220, 94), lambda x: min(1, -math.log(0.03 + 0.97 * x) / 3.5))
    for share, color in ((0.05, RED), (0.93, GREEN)):
        x = 0.03 + 0.97 * share
        pen.dot((50 + share * 220, 112 + math.log(x) / 3.5 * 94), 6, color)
    pen.text((54, 126), "0 %", 11)
    pen.text((268, 126), "100 %", 11)


def calibration(pen: Pen) -> None:
    pen.axes((104, 112), (110, 100))
    for number, share in enumerate((0.12, 0.28, 0.42, 0.55, 0.7)):
        pen.box(
            (107 + number * 20, 112 - share * 96), (17, share * 96), BLUE, 0.6, radius=1
        )
        ideal = (number + 1) / 5
        pen.box(
            (107 + number * 20, 112 - ideal * 96),
            (17, (ideal - share) * 96),
            RED,
            0.25,
            radius=1,
        )
    pen.line((104, 112), (206, 14), INK, 1, "4 4")


def errors(pen: Pen, width: float) -> None:
    """Dots around the line on which predictions are right, and how far they are off."""
    pen.axes((70, 114), (180, 100))
    pen.line((74, 112), (240, 20), INK, dash="4 4")
    places = ((94, 84), (120, 96), (150, 52), (176, 70), (204, 22), (222, 40))
    for x, y in places:
        right = 112 - (x - 74) * 92 / 166
        pen.line((x, y), (x, right), RED, width)
        pen.dot((x, y), 4, BLUE)


def mean_absolute_error(pen: Pen) -> None:
    errors(pen, 2)


def root_mean_squared_error(pen: Pen) -> None:
    errors(pen, 1)
    for corner, side in (((94, 84), 17), ((204, 22), 18)):
        pen.box(corner, (side, side), RED, 0.3, radius=1)
    pen.box((120, 87), (9, 9), RED, 0.3, radius=1)
    pen.box((150, 52), (18, 18), RED, 0.3, radius=1)


def determination(pen: Pen) -> None:
    pen.line((60, 16), (60, 112))
    for y, width, color in ((36, 200, INK), (80, 26, BLUE)):
        pen.box((61, y - 14), (width, 28), color, 0.6, radius=1)
    pen.text((190, 86), "R² = 0.87", 15, BLUE)


def reconstruction_error(pen: Pen) -> None:
    for left, wrong in ((30, False), (200, True)):
        for row in range(4):
            for column in range(4):
                dark = 0.75 if column in (1, 2) and row in (1, 2) else 0.2
                corner = (left + column * 22, 20 + row * 22)
                off = wrong and (row, column) == (2, 2)
                pen.box(corner, (21, 21), RED if off else BLUE, dark, radius=1)
    pen.line((132, 64), (186, 64), INK, 2)


def confidence_interval(pen: Pen) -> None:
    for y, low, value, high, count in (
        (40, 0.3, 0.72, 0.96, "20"),
        (92, 0.62, 0.72, 0.8, "269"),
    ):
        pen.line((60 + low * 230, y), (60 + high * 230, y), BLUE, 3)
        for end in (low, high):
            pen.line((60 + end * 230, y - 8), (60 + end * 230, y + 8), BLUE, 2)
        pen.dot((60 + value * 230, y), 6, ORANGE)
        pen.text((34, y + 5), count, 14)


def threshold(pen: Pen) -> None:
    pen.line((30, 96), (290, 96))
    for number, share in enumerate((0.05, 0.16, 0.3, 0.38, 0.56, 0.66, 0.78, 0.9)):
        pen.dot(
            (30 + share * 260, 74), 8, GREEN if number in (3, 4, 5, 6, 7) else INK, 0.8
        )
    pen.line((160, 24), (160, 106), ORANGE, 2)
    pen.text((160, 124), "0.5", 12, ORANGE)


def latency(pen: Pen) -> None:
    pen.box((30, 44), (42, 42), INK, 0.3, INK)
    pen.arrow((78, 65), (120, 65))
    pen.box((124, 34), (64, 62), BLUE, 0.3, BLUE)
    pen.arrow((194, 65), (236, 65))
    pen.text((262, 72), "7", 22, BLUE)
    pen.line((51, 110), (262, 110), ORANGE, 2)
    pen.text((156, 126), "0.7 ms", 12, ORANGE)


def savedmodel(pen: Pen) -> None:
    pen.text((30, 24), "digits-model/", 12, BLUE, "start")
    for number, name in enumerate(
        ("saved_model.pb", "variables/", "assets/labels.txt")
    ):
        y = 50 + number * 28
        pen.path([(40, 30), (40, y - 4), (54, y - 4)], INK, 1.2)
        pen.text((62, y), name, 12, INK, "start")


def signature(pen: Pen) -> None:
    pen.box((110, 14), (100, 102), BLUE, 0.15, BLUE)
    for y, given in ((40, "images"), (90, "image_bytes")):
        pen.text((50, y - 8), given, 11)
        pen.arrow((16, y), (106, y), ORANGE)
        pen.arrow((214, y), (300, y), GREEN)
        pen.text((256, y - 8), "scores", 11)


def verified_export(pen: Pen) -> None:
    for y in (20, 76):
        pen.box(
            (84, y),
            (70, 38),
            BLUE if y < 50 else ORANGE,
            0.3,
            BLUE if y < 50 else ORANGE,
        )
        pen.arrow((44, 66), (80, y + 19))
        pen.arrow((158, y + 19), (206, y + 19))
        pen.text((228, y + 24), "0.98", 13)
    pen.dot((30, 66), 11, INK, 0.4)
    pen.text((228, 72), "=", 16)
    pen.path([(262, 66), (272, 78), (294, 50)], GREEN, 4)


DRAWINGS = {
    "baseline": baseline,
    "accuracy": accuracy,
    "balanced-accuracy": balanced_accuracy,
    "top-k-accuracy": top_k,
    "precision": precision,
    "recall": recall,
    "f1": f1,
    "confusion-matrix": confusion_matrix,
    "roc-auc": roc_auc,
    "log-loss": log_loss,
    "calibration-error": calibration,
    "mean-absolute-error": mean_absolute_error,
    "root-mean-squared-error": root_mean_squared_error,
    "r2": determination,
    "reconstruction-error": reconstruction_error,
    "confidence-interval": confidence_interval,
    "threshold": threshold,
    "latency": latency,
    "savedmodel": savedmodel,
    "signature": signature,
    "verified-export": verified_export,
}
