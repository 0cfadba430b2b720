"""Pictures of what data are."""

from __future__ import annotations

import random

from drawings.pen import BLUE, GREEN, INK, ORANGE, RED, Pen

SEVEN = ("01110", "00010", "00100", "01000", "01000")
THREE = ("11100", "00010", "01100", "00010", "11100")


def digit(pen: Pen, x: float, y: float, rows=SEVEN, size=12, color=INK) -> None:
    """A digit of five by five pixels."""
    pen.cells((x, y), [[int(each) for each in row] for row in rows], size, color)


def sample(pen: Pen) -> None:
    digit(pen, 40, 30)
    pen.arrow((120, 60), (180, 60))
    pen.text((222, 70), "7", 30, BLUE)


def label(pen: Pen) -> None:
    labels = ((SEVEN, "7"), (THREE, "3"), (SEVEN, "7"))
    for number, (rows, name) in enumerate(labels):
        x = 32 + number * 95
        digit(pen, x, 16, rows)
        pen.box((x + 8, 88), (42, 24), BLUE)
        pen.text((x + 29, 105), name, 14, BLUE)


def split(pen: Pen) -> None:
    for x, width, color, text in (
        (20, 188, BLUE, "70 %"),
        (212, 40, ORANGE, "15 %"),
        (256, 40, GREEN, "15 %"),
    ):
        pen.box((x, 44), (width, 40), color, 0.6)
        pen.text((x + width / 2, 104), text, 12)


def stratify(pen: Pen) -> None:
    for x, count in ((24, 10), (172, 4), (246, 4)):
        for number in range(count):
            color = ORANGE if number % 2 else BLUE
            place = (x + 10 + (number % 5) * 24, 44 + (number // 5) * 26)
            if count == 4:
                place = (x + 10 + (number % 2) * 24, 44 + (number // 2) * 26)
            pen.dot(place, 8, color, 0.75)
        pen.frame((x - 8, 28), (132 if count == 10 else 60, 58), INK)


def leakage(pen: Pen) -> None:
    pen.box((16, 16), (130, 98), BLUE, 0.1, BLUE)
    pen.box((174, 16), (130, 98), GREEN, 0.1, GREEN)
    digit(pen, 50, 35)
    digit(pen, 210, 35)
    pen.line((118, 65), (200, 65), RED, 2, "4 4")
    pen.text((160, 58), "=", 18, RED)


def batch(pen: Pen) -> None:
    for number in range(24):
        x, y = 26 + (number % 12) * 23, 34 + (number // 12) * 36
        pen.box(
            (x, y), (18, 26), BLUE if number < 4 else INK, 0.6 if number < 4 else 0.2
        )
    pen.frame((20, 28), (99, 38))
    pen.text((69, 20), "4", 12, ORANGE)


def step(pen: Pen) -> None:
    for number in range(6):
        x = 28 + number * 48
        pen.box((x, 70), (30, 26), BLUE, 0.6 if number < 3 else 0.15)
        if number < 3:
            pen.arrow((x + 15, 66), (x + 15, 40), ORANGE)
            pen.text((x + 15, 34), f"{number + 1}", 12, ORANGE)


def epoch(pen: Pen) -> None:
    for number in range(3):
        y = 26 + number * 32
        pen.text((24, y + 15), f"{number + 1}", 13, ORANGE)
        for place in range(10):
            pen.box((44 + place * 24, y), (19, 20), BLUE, 0.6 - 0.15 * number)
        pen.arrow((286, y + 10), (306, y + 10))


def shape(pen: Pen) -> None:
    for number, color in enumerate((RED, GREEN, BLUE)):
        x, y = 60 + number * 14, 36 - number * 10
        pen.box((x, y), (70, 70), color, 0.3, color, 1)
    pen.text((95, 122), "28", 12)
    pen.text((46, 76), "28", 12)
    pen.text((176, 30), "3", 12)
    pen.text((248, 72), "(28, 28, 3)", 15, BLUE)


def rescaling(pen: Pen) -> None:
    for x, low, high, color in ((70, "0", "255", INK), (230, "0", "1", BLUE)):
        pen.line((x, 20), (x, 106), color, 4)
        pen.text((x + 26, 110), low, 13, color)
        pen.text((x + 26, 26), high, 13, color)
    pen.arrow((120, 64), (200, 64))
    pen.text((160, 54), "÷ 255", 13, ORANGE)


def augmentation(pen: Pen) -> None:
    digit(pen, 20, 36)
    pen.arrow((90, 64), (116, 64))
    mirrored = [row[::-1] for row in SEVEN]
    moved = ["00000", *SEVEN[:-1]]
    for number, rows in enumerate((mirrored, moved)):
        digit(pen, 126 + number * 66, 36, rows, 11, BLUE)
    bright = [[0.25 + 0.4 * int(each) for each in row] for row in SEVEN]
    pen.cells((258, 36), bright, 11, BLUE)


def class_weights(pen: Pen) -> None:
    pen.bars((50, 108), (1, 0.25), (INK,), 84, 34)
    pen.arrow((146, 64), (186, 64))
    pen.bars((212, 108), (0.6, 0.6), (BLUE,), 84, 34)
    pen.text((67, 122), "400 × 1", 11)
    pen.text((112, 122), "100", 11)
    pen.text((272, 50), "× 4", 12, ORANGE)


def seed(pen: Pen) -> None:
    for column, number in enumerate((0, 0, 1)):
        chance = random.Random(number + 3)
        x = 30 + column * 100
        pen.text((x + 26, 24), f"{number}", 14, ORANGE if number else BLUE)
        rows = [[chance.randrange(4) / 3 for _ in range(5)] for _ in range(5)]
        pen.cells((x - 4, 36), rows, 13, ORANGE if number else BLUE)
    pen.text((108, 76), "=", 18)
    pen.text((208, 76), "≠", 18)


DRAWINGS = {
    "sample": sample,
    "label": label,
    "split": split,
    "stratify": stratify,
    "data-leakage": leakage,
    "batch": batch,
    "step": step,
    "epoch": epoch,
    "shape": shape,
    "rescaling": rescaling,
    "data-augmentation": augmentation,
    "class-weights": class_weights,
    "seed": seed,
}
