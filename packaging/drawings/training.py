"""Pictures of what happens while a model trains."""

from __future__ import annotations

import math

from drawings.pen import BLUE, GREEN, INK, ORANGE, RED, Pen

CORNER, SIZE = (40, 112), (250, 96)


def bowl(x: float) -> float:
    return 0.05 + 3.6 * (x - 0.5) ** 2


def on_bowl(x: float) -> tuple[float, float]:
    return CORNER[0] + x * SIZE[0], CORNER[1] - bowl(x) * SIZE[1] - 6


def loss(pen: Pen) -> None:
    pen.axes((40, 112), (100, 96))
    pen.graph((40, 112), (96, 90), lambda x: math.exp(-4 * x) * 0.95 + 0.04)
    for y, text, color in ((34, "7: 90 %", GREEN), (84, "7: 10 %", RED)):
        pen.text((186, y + 5), text, 13)
        pen.arrow((216, y), (244, y))
        pen.text((278, y + 6), "0.1" if color == GREEN else "2.3", 16, color)


def gradient(pen: Pen) -> None:
    pen.graph(CORNER, SIZE, bowl, INK)
    pen.dot(on_bowl(0.16), 7, BLUE)
    pen.arrow((92, 72), (126, 112), ORANGE)


def optimizer(pen: Pen) -> None:
    pen.graph(CORNER, SIZE, bowl, INK)
    places = [on_bowl(x) for x in (0.08, 0.22, 0.33, 0.41, 0.46)]
    pen.path(places, ORANGE, 1.5, "4 3")
    for place in places:
        pen.dot(place, 5, BLUE)


def learning_rate(pen: Pen) -> None:
    for number, (xs, text, color) in enumerate(
        (
            ((0.1, 0.14, 0.18, 0.22), "0.00001", ORANGE),
            ((0.1, 0.3, 0.42, 0.48), "0.002", GREEN),
            ((0.12, 0.9, 0.04, 0.97), "0.1", RED),
        )
    ):
        left = 12 + number * 102
        pen.graph((left, 104), (94, 84), bowl, INK)
        points = [(left + x * 94, 104 - bowl(x) * 84 - 4) for x in xs]
        pen.path(points, color, 1.5)
        for point in points:
            pen.dot(point, 3.5, color)
        pen.text((left + 47, 124), text, 11, color)


def schedule(pen: Pen) -> None:
    pen.axes(CORNER, SIZE)
    pen.graph(CORNER, SIZE, lambda x: 0.45 + 0.45 * math.cos(math.pi * x), BLUE)
    pen.graph(CORNER, SIZE, lambda x: 0.9 * 0.5 ** int(x * 3.99), ORANGE, steps=200)


def warmup(pen: Pen) -> None:
    pen.axes(CORNER, SIZE)

    def rate(x: float) -> float:
        if x < 0.2:
            return 4.5 * x
        return 0.45 + 0.45 * math.cos(math.pi * (x - 0.2) / 0.8)

    pen.graph(CORNER, SIZE, rate, BLUE)
    pen.box((40, 16), (50, 96), ORANGE, 0.2)


def momentum(pen: Pen) -> None:
    pen.path(
        [(30 + 13 * n, 40 + (16 if n % 2 else -16)) for n in range(20)], ORANGE, 1.5
    )
    smooth = [
        (30 + 6 * n, 96 + 14 * math.exp(-n / 10) * math.cos(n / 3)) for n in range(42)
    ]
    pen.path(smooth, BLUE)
    pen.dot((281, 40), 5, ORANGE)
    pen.dot(smooth[-1], 5, BLUE)


def weight_decay(pen: Pen) -> None:
    for number in range(5):
        x, reach = 44 + number * 56, 44 * 0.72**number
        pen.line((x, 116), (x, 20), INK, 1)
        pen.dot((x, 68 - reach), 5, BLUE)
        pen.dot((x, 68 + 0.6 * reach), 5, ORANGE)
    pen.line((24, 68), (296, 68), INK, 1, "3 4")


def gradient_clipping(pen: Pen) -> None:
    pen.arrow((50, 110), (126, 16), RED)
    pen.arrow((160, 66), (192, 66))
    pen.line((210, 62), (290, 62), ORANGE, 1.5, "4 4")
    pen.arrow((220, 110), (258, 63), BLUE)


def curves(pen: Pen, training, validation) -> None:
    """Loss curves of training and validation."""
    pen.axes(CORNER, SIZE)
    pen.graph(CORNER, SIZE, training, BLUE)
    pen.graph(CORNER, SIZE, validation, ORANGE)


def falling(x: float, fast: float = 4.5) -> float:
    return 0.05 + 0.85 * math.exp(-fast * x)


def rising_again(x: float) -> float:
    return 0.14 + 0.78 * math.exp(-6 * x) + 0.5 * max(0, x - 0.35) ** 1.3


def overfitting(pen: Pen) -> None:
    curves(pen, falling, rising_again)
    pen.line((CORNER[0] + 0.38 * 250, 16), (CORNER[0] + 0.38 * 250, 112), INK, 1, "3 4")


def underfitting(pen: Pen) -> None:
    curves(
        pen,
        lambda x: 0.68 + 0.2 * math.exp(-4 * x),
        lambda x: 0.73 + 0.2 * math.exp(-4 * x),
    )


def early_stopping(pen: Pen) -> None:
    pen.axes(CORNER, SIZE)
    pen.graph(CORNER, (187, 96), lambda x: rising_again(0.75 * x), ORANGE)
    best = CORNER[0] + 0.38 * 250
    pen.dot((best, 112 - rising_again(0.38) * 96), 6, GREEN)
    pen.line((227, 18), (227, 112), RED, 2)
    pen.arrow((best, 104), (223, 104), INK)


def checkpoint(pen: Pen) -> None:
    pen.line((24, 66), (296, 66))
    for number in range(5):
        x = 50 + number * 52
        pen.box((x - 10, 54), (20, 24), BLUE, 0.8 if number < 3 else 0.15)
    pen.line((190, 40), (206, 92), RED, 2.5)
    pen.path([(190, 30), (172, 22), (154, 46)], GREEN)
    pen.arrow((158, 40), (154, 52), GREEN)


def mixed_precision(pen: Pen) -> None:
    for y, count, color, text in ((26, 32, INK, "32"), (74, 16, BLUE, "16")):
        for number in range(count):
            pen.box((60 + number * 7.5, y), (6, 24), color, 0.6, radius=1)
        pen.text((36, y + 18), text, 15, color)


def steps_per_execution(pen: Pen) -> None:
    for y, groups in ((26, 8), (78, 2)):
        size = 8 // groups
        for group in range(groups):
            x = 30 + group * (266 / groups)
            pen.frame((x - 4, y - 5), (size * 24 + 3, 34), ORANGE)
            for number in range(size):
                pen.box((x + number * 24, y), (19, 24), BLUE, 0.6)


def label_smoothing(pen: Pen) -> None:
    pen.bars((34, 100), (1, 0, 0), (INK,), 80, 28)
    pen.arrow((150, 64), (184, 64))
    pen.bars((196, 100), (0.9, 0.08, 0.08), (BLUE,), 80, 28)
    for number, text in enumerate(("1", "0", "0", "0.93", "0.03", "0.03")):
        x = 48 + number * 34 if number < 3 else 210 + (number - 3) * 34
        pen.text((x, 118), text, 11)


DRAWINGS = {
    "loss": loss,
    "gradient": gradient,
    "optimizer": optimizer,
    "learning-rate": learning_rate,
    "schedule": schedule,
    "warmup": warmup,
    "momentum": momentum,
    "weight-decay": weight_decay,
    "gradient-clipping": gradient_clipping,
    "overfitting": overfitting,
    "underfitting": underfitting,
    "early-stopping": early_stopping,
    "checkpoint": checkpoint,
    "mixed-precision": mixed_precision,
    "steps-per-execution": steps_per_execution,
    "label-smoothing": label_smoothing,
}
