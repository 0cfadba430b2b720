"""The lines of a program that tags tokens: targets, entities, and their F1."""

from __future__ import annotations

from dlstudio.engine.codegen.literals import quoted
from dlstudio.engine.codegen.token_program import (
    TokenProgram,
    TokenTask,
    accuracy_call,
    accuracy_rows,
)
from dlstudio.engine.heads.token_classification import NO_TAG
from dlstudio.errors import UserError
from dlstudio.i18n import _

ENTITIES = '''

def padded_tags(numbers: list[list[int]], length: int) -> np.ndarray:
    """The numbers of tags, (n, length); -1 behind the last one."""
    options = {{"padding": "post", "truncating": "post", "value": {padding}}}
    return keras.utils.pad_sequences(numbers, length, **options)


def entities(numbers: np.ndarray) -> set[tuple[int, int, str]]:
    """First token, the token behind the last, and type of each entity."""
    tags = [NAMES[{name}][number] for number in numbers if number >= 0]
    found, start, kind = set(), 0, ""
    for place, tag in enumerate([*tags, "O"]):
        if kind and tag != f"I-{{kind}}":
            found.add((start, place, kind))
            kind = ""
        if tag != "O" and not kind:
            start, kind = place, tag[2:]
    return found


def entity_scores(model: keras.Model, x, y) -> dict[str, float]:
    """Precision, recall and F1 of entities, as conlleval counts them."""
    truth = np.asarray(y)
    guess = np.argmax(model.predict(x, verbose=0), axis=-1)
    guess = np.where(truth >= 0, guess, {padding})
    pairs = [(entities(a), entities(b)) for a, b in zip(truth, guess)]
    right = sum(len(a & b) for a, b in pairs)
    precision = right / max(1, sum(len(b) for _a, b in pairs))
    recall = right / max(1, sum(len(a) for a, _b in pairs))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {{"entity_precision": precision, "entity_recall": recall, "entity_f1": f1}}


class EntityScores(keras.callbacks.Callback):
    """Adds the scores of the validation split to those that others look at."""

    def __init__(self, x, y) -> None:
        super().__init__()
        self.x, self.y = x, y

    def on_epoch_end(self, epoch, logs=None) -> None:
        scores = entity_scores(self.model, self.x, self.y)
        logs.update({{f"val_{{name}}": score for name, score in scores.items()}})
        print(f"entity_f1: {{scores['entity_f1']:.4f}}")
'''
ACCURACY = "tag_accuracy"
OF_ENTITIES = ("entity_f1", "entity_precision", "entity_recall")


def tag_program(task: TokenTask) -> TokenProgram:
    """See `TokenProgram`.

    Args:
        task: Its output predicts tags.

    Raises:
        UserError: The model has several inputs.
    """
    output = task.output
    if len(task.inputs) != 1:
        raise UserError(_("A script tags the tokens of a single input only."))
    wanted = [metric.name for _spec, metric in output.metrics]
    name = quoted(output.feature)
    functions = accuracy_rows(NO_TAG) if ACCURACY in wanted else []
    functions += ENTITIES.format(name=name, padding=NO_TAG).splitlines()
    return TokenProgram(
        f"padded_tags(targets[{name}], model.output_shape[1])",
        tuple(functions),
        {ACCURACY: accuracy_call(ACCURACY), **dict.fromkeys(OF_ENTITIES, "")},
        ("EntityScores(*validation)",) if task.data.sizes["validation"] else (),
        ("result |= entity_scores(model, *test)",),
    )
