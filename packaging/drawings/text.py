"""Drawings about texts: vocabulary, embedding, recurrent layers, attention."""

from __future__ import annotations

from .pen import BLUE, GREEN, INK, ORANGE, Pen

WORDS = ("the", "soup", "was", "good")
NUMBERS = ("2", "41", "5", "17")


def vocabulary(pen: Pen) -> None:
    for place, (word, number) in enumerate(zip(WORDS, NUMBERS, strict=True)):
        x = 24 + place * 70
        pen.box((x, 20), (62, 30), BLUE, line=BLUE)
        pen.text((x + 31, 40), word, 13)
        pen.arrow((x + 31, 54), (x + 31, 82))
        pen.box((x, 84), (62, 30), ORANGE, line=ORANGE)
        pen.text((x + 31, 104), number, 13)


def embedding(pen: Pen) -> None:
    pen.box((24, 50), (52, 30), ORANGE, line=ORANGE)
    pen.text((50, 70), NUMBERS[1], 13)
    pen.arrow((82, 65), (116, 65))
    for row in range(5):
        chosen = row == 2
        for column, value in enumerate((0.9, 0.3, 0.6, 0.2, 0.75, 0.45)):
            shade = (value + 0.37 * row) % 1 if not chosen else value
            color = BLUE if chosen else INK
            corner = (126 + column * 28, 14 + row * 21)
            pen.box(corner, (26, 19), color, 0.15 + 0.6 * shade)


def recurrent_layer(pen: Pen) -> None:
    for place, word in enumerate(WORDS):
        x = 22 + place * 74
        pen.box((x, 30), (50, 36), BLUE, line=BLUE)
        pen.arrow((x + 25, 96), (x + 25, 70))
        pen.text((x + 25, 114), word, 13)
        pen.arrow((x + 52, 48), (x + 72, 48), GREEN)


def attention(pen: Pen) -> None:
    weights = (0.06, 0.3, 0.08, 0.95)
    for place, (word, weight) in enumerate(zip(WORDS, weights, strict=True)):
        x = 22 + place * 74
        pen.box((x, 76), (58, 28), ORANGE, 0.1 + 0.7 * weight)
        pen.text((x + 29, 95), word, 13)
        pen.line((x + 29, 74), (160, 34), BLUE, 0.6 + 4 * weight)
    pen.dot((160, 30), 8, BLUE)


def entity(pen: Pen) -> None:
    words = ("Ada", "Lovelace", "went", "to", "Turin")
    starts = (14, 60, 146, 204, 240)
    pen.box((12, 34), (126, 30), BLUE, 0.3, BLUE)
    pen.box((236, 34), (60, 30), GREEN, 0.3, GREEN)
    for start, word in zip(starts, words, strict=True):
        pen.text((start + 4 * len(word) + 4, 54), word, 13)
    pen.text((75, 86), "PER", 12, BLUE)
    pen.text((266, 86), "LOC", 12, GREEN)


def perplexity(pen: Pen) -> None:
    pen.text((62, 34), "the sou_", 13)
    pen.bars((130, 100), (0.86, 0.3, 0.16, 0.08), (GREEN, INK, INK, INK), 80, 26)
    for place, letter in enumerate("prn "):
        pen.text((143 + place * 32, 118), letter, 13)


def bleu(pen: Pen) -> None:
    expected = ("the", "soup", "was", "very", "good")
    predicted = ("the", "soup", "was", "good", "")
    for row, words in enumerate((expected, predicted)):
        for place, word in enumerate(words):
            if word:
                same = row == 0 or place < 3
                color = GREEN if same and place < 3 else ORANGE
                corner = (14 + place * 60, 24 + row * 50)
                pen.box(corner, (54, 30), color, 0.25, color)
                pen.text((corner[0] + 27, corner[1] + 20), word, 13)


DRAWINGS = {
    "vocabulary": vocabulary,
    "embedding": embedding,
    "recurrent-layer": recurrent_layer,
    "attention": attention,
    "entity": entity,
    "perplexity": perplexity,
    "bleu": bleu,
}
