"""Pictures of what layers do."""

from __future__ import annotations

import math
from itertools import pairwise

from drawings.data import SEVEN
from drawings.pen import BLUE, GREEN, INK, ORANGE, RED, Pen

PIXELS = [[0.12 + 0.6 * int(each) for each in row] for row in SEVEN]


def layer(pen: Pen) -> None:
    for number, (height, color) in enumerate(((90, INK), (70, BLUE), (50, BLUE))):
        x = 44 + number * 84
        pen.box((x, 65 - height / 2), (44, height), color, 0.3, color)
        pen.arrow((x + 50, 65), (x + 78, 65))
    pen.text((308, 70), "7", 16, ORANGE)


def columns(pen: Pen, counts, lines=True, color=BLUE) -> None:
    """Columns of dots, all joined to all of the next."""
    places = []
    for column, count in enumerate(counts):
        x = 60 + column * (200 / max(len(counts) - 1, 1))
        gap = 100 / count
        places.append([(x, 15 + gap * (row + 0.5)) for row in range(count)])
    if lines:
        for left, right in pairwise(places):
            for start in left:
                for end in right:
                    pen.line(start, end, INK, 0.8)
    for column in places:
        for place in column:
            pen.dot(place, 7, color)


def dense(pen: Pen) -> None:
    columns(pen, (5, 3))


def weight(pen: Pen) -> None:
    for row, value in enumerate(("0.8", "−0.3", "0.1")):
        y = 28 + row * 37
        pen.dot((60, y), 8, INK)
        pen.line((70, y), (206, 65), BLUE, (4, 2, 1)[row])
        pen.text((118, y - 6 if row < 2 else y + 16), value, 12, BLUE)
    pen.dot((220, 65), 12, ORANGE)


def bias(pen: Pen) -> None:
    pen.axes((60, 110), (200, 94))
    pen.graph((60, 110), (190, 80), lambda x: 0.75 * x, INK, "4 4")
    pen.graph((60, 110), (190, 80), lambda x: 0.25 + 0.75 * x, BLUE)
    pen.arrow((110, 90), (110, 74), ORANGE)
    pen.text((92, 86), "+ b", 12, ORANGE)


def activation(pen: Pen) -> None:
    for x, function, name in (
        (24, lambda v: max(0, v), "relu"),
        (124, lambda v: 1 / (1 + math.exp(-6 * v)), "sigmoid"),
        (224, lambda v: 0.5 + 0.5 * math.tanh(3 * v), "tanh"),
    ):
        pen.line(
            (x, 96 if name != "tanh" else 62), (x + 76, 96 if name != "tanh" else 62)
        )
        pen.line((x + 38, 20), (x + 38, 100))
        pen.graph((x, 96), (76, 68), lambda t, f=function: f(2 * t - 1), BLUE)
        pen.text((x + 38, 120), name, 12)


def convolution(pen: Pen) -> None:
    pen.cells((30, 22), PIXELS, 17)
    pen.frame((29, 21), (51, 51))
    pen.arrow((130, 64), (176, 64), ORANGE)
    rows = [[0.2, 0.5, 0.3], [0.1, 0.7, 0.2], [0.5, 0.6, 0.1]]
    pen.cells((200, 36), rows, 20, BLUE)
    pen.frame((199, 35), (20, 20))


def filters(pen: Pen) -> None:
    pen.cells((24, 30), PIXELS, 14)
    for number, rows in enumerate(
        (
            [[1, 0, 0]] * 3,
            [[1, 1, 1], [0, 0, 0], [0, 0, 0]],
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        )
    ):
        y = 14 + number * 37
        color = (BLUE, ORANGE, GREEN)[number]
        pen.cells((146, y), rows, 10, color)
        pen.arrow((186, y + 15), (214, y + 15), color)
        pen.box((226, y), (60, 30), color, 0.3, color)


def kernel_size(pen: Pen) -> None:
    for x, size, text in ((50, 3, "3×3"), (190, 5, "5×5")):
        pen.cells((x, 16), [[0.15] * 6] * 6, 14)
        pen.frame((x, 16), (size * 14 - 1, size * 14 - 1))
        pen.text((x + 42, 122), text, 13, ORANGE)


def strides(pen: Pen) -> None:
    for y, step, text in ((24, 1, "1"), (84, 2, "2")):
        pen.cells((70, y), [[0.15] * 12], 18)
        for number in range(3):
            pen.frame(
                (70 + number * step * 18, y - 3 - 2 * number), (53, 21 + 4 * number)
            )
        pen.text((44, y + 14), text, 15, ORANGE)


def dilation(pen: Pen) -> None:
    for x, step in ((50, 1), (190, 2)):
        seen = {0, step, 2 * step}
        rows = [
            [0.7 if {row, column} <= seen else 0.08 for column in range(6)]
            for row in range(6)
        ]
        pen.cells((x, 16), rows, 14, BLUE)
        pen.text((x + 42, 122), f"{step}", 13, ORANGE)


def padding(pen: Pen) -> None:
    pen.cells((40, 34), [[0.4] * 4] * 4, 18)
    pen.text((76, 124), "valid", 12)
    pen.cells((196, 16), [[0.02] * 6] * 6, 16, ORANGE)
    pen.cells((212, 32), [[0.4] * 4] * 4, 16)
    pen.frame((195, 15), (48, 48))
    pen.text((244, 126), "same", 12)


def pooling(pen: Pen) -> None:
    numbers = ((1, 3, 2, 0), (5, 2, 1, 4), (0, 1, 7, 3), (2, 6, 1, 2))
    for row in range(4):
        for column in range(4):
            place = (40 + column * 26, 14 + row * 26)
            color = (BLUE, ORANGE, GREEN, INK)[row // 2 * 2 + column // 2]
            pen.box(place, (24, 24), color, 0.3)
            pen.text((place[0] + 12, place[1] + 17), str(numbers[row][column]), 12)
    pen.arrow((156, 64), (194, 64))
    for number, value in enumerate((5, 4, 6, 7)):
        place = (210 + number % 2 * 32, 34 + number // 2 * 32)
        pen.box(place, (30, 30), (BLUE, ORANGE, GREEN, INK)[number], 0.5)
        pen.text((place[0] + 15, place[1] + 20), str(value), 14)


def flatten(pen: Pen) -> None:
    colors = (BLUE, ORANGE, GREEN)
    for row in range(3):
        pen.cells((24, 40 + row * 18), [[0.5] * 3], 18, colors[row])
        pen.cells((136 + row * 54, 58), [[0.5] * 3], 18, colors[row])
    pen.arrow((90, 66), (124, 66))


def dropout(pen: Pen) -> None:
    for row in range(4):
        for end in range(4):
            if row not in (1,) and end not in (2,):
                pen.line((90, 22 + row * 28), (220, 22 + end * 28), INK, 0.8)
    for x, gone in ((90, 1), (220, 2)):
        for row in range(4):
            place = (x, 22 + row * 28)
            pen.dot(place, 9, BLUE, 0.15 if row == gone else 1)
            if row == gone:
                pen.line((x - 6, place[1] - 6), (x + 6, place[1] + 6), RED, 2)
                pen.line((x - 6, place[1] + 6), (x + 6, place[1] - 6), RED, 2)


def bell(center: float, width: float):
    return lambda x: math.exp(-(((x - center) / width) ** 2))


def batch_normalization(pen: Pen) -> None:
    pen.line((20, 108), (140, 108))
    pen.graph((20, 108), (120, 44), bell(0.72, 0.2), INK)
    pen.arrow((148, 74), (178, 74))
    pen.line((186, 108), (306, 108))
    pen.graph((186, 108), (120, 84), bell(0.5, 0.12), BLUE)
    pen.line((246, 108), (246, 16), ORANGE, 1, "3 4")
    pen.text((246, 124), "0", 12, ORANGE)


def residual_connection(pen: Pen) -> None:
    pen.arrow((24, 80), (70, 80))
    for x in (74, 144):
        pen.box((x, 62), (54, 36), BLUE, 0.3, BLUE)
    pen.arrow((130, 80), (142, 80))
    pen.arrow((200, 80), (232, 80))
    pen.path([(44, 80), (44, 28), (246, 28), (246, 60)], ORANGE)
    pen.arrow((246, 58), (246, 68), ORANGE)
    pen.dot((246, 80), 13, INK, 0.2)
    pen.text((246, 86), "+", 18)
    pen.arrow((261, 80), (300, 80))


def softmax(pen: Pen) -> None:
    pen.bars((30, 96), (0.9, 0.45, 0.02), (INK,), 76, 24)
    for number, text in enumerate(("2", "1", "0")):
        pen.text((42 + number * 30, 114), text, 11)
    pen.arrow((136, 64), (172, 64))
    pen.bars((196, 96), (0.9, 0.33, 0.12), (BLUE,), 76, 24)
    for number, text in enumerate(("0.67", "0.24", "0.09")):
        pen.text((208 + number * 30, 114), text, 11, BLUE)


def logits(pen: Pen) -> None:
    pen.line((20, 72), (300, 72))
    for number, value in enumerate((2.0, 1.0, -1.0, 3.2, -0.6)):
        x = 40 + number * 54
        top = 72 - max(value, 0) * 17
        pen.box((x, top), (30, abs(value) * 17), BLUE if value > 0 else ORANGE, 0.7)
        pen.text((x + 15, 118), f"{value:g}".replace("-", "−"), 12)


def initializer(pen: Pen) -> None:
    pen.line((40, 106), (280, 106))
    pen.graph((40, 106), (240, 86), bell(0.5, 0.18), BLUE)
    for number, x in enumerate((0.5, 0.42, 0.6, 0.35, 0.55, 0.7, 0.47)):
        pen.dot((40 + 240 * x, 106), 4 + number % 2, ORANGE)
    pen.text((160, 124), "0", 12)


def regularization(pen: Pen) -> None:
    before = (0.9, 0.35, 0.7, 0.15, 0.55)
    pen.bars((24, 104), before, (INK,), 84, 18)
    pen.arrow((150, 66), (184, 66), ORANGE)
    pen.bars((194, 104), [each * 0.5 for each in before], (BLUE,), 84, 16)


def transfer_learning(pen: Pen) -> None:
    for number in range(4):
        pen.box((24 + number * 52, 34), (40, 60), INK, 0.25, INK)
        pen.text((44 + number * 52, 70), "❄", 16, BLUE)
    pen.arrow((224, 64), (248, 64))
    pen.box((252, 34), (46, 60), ORANGE, 0.5, ORANGE)


DRAWINGS = {
    "layer": layer,
    "weight": weight,
    "bias": bias,
    "activation": activation,
    "dense": dense,
    "convolution": convolution,
    "filters": filters,
    "kernel-size": kernel_size,
    "strides": strides,
    "dilation": dilation,
    "padding": padding,
    "pooling": pooling,
    "flatten": flatten,
    "dropout": dropout,
    "batch-normalization": batch_normalization,
    "residual-connection": residual_connection,
    "softmax": softmax,
    "logits": logits,
    "initializer": initializer,
    "regularization": regularization,
    "transfer-learning": transfer_learning,
}
