"""Detecting splits by folder names: "training_set", "1_train", "测试集"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dlstudio.data.samples import TEST, TRAIN, VALIDATION
from dlstudio.i18n import _, marked

EVALUATION = "evaluation"
"""Ambiguous words: validation, or test if validation is named separately."""
GENERATED = "generated"
"""In place of a split, for samples that are of no data at all."""

_WORDS = {
    TRAIN: "train training trn tr trainval learning 训练 訓練 学習",
    VALIDATION: "val valid validation validate dev development 验证 驗證 検証 校验",
    TEST: "test testing tst te ts holdout heldout 测试 測試 テスト",
    EVALUATION: "eval evaluation evaluate 评估 評估 評価",
}
_SPLITS = {word: split for split, words in _WORDS.items() for word in words.split()}
_FILLERS_TEXT = """
set sets data dataset image images img imgs picture pictures pic pics photo photos
split folder dir sample samples file files part fold
集 数据 数据集 資料 資料集 图片 图像 圖片 圖像 样本 樣本 用 画像 データ
"""
_FILLERS = frozenset(_FILLERS_TEXT.split())
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LETTERS = re.compile(r"[^\W\d_]+")
_IN_MESSAGES = {
    TRAIN: marked("training"),
    VALIDATION: marked("validation"),
    TEST: marked("test"),
    GENERATED: marked("generated"),
}


def split_word(split: str) -> str:
    """The name of a split in messages, as in "the training split"."""
    return _(_IN_MESSAGES.get(split, split))


def split_names(names: Sequence[str]) -> list[str]:
    """The split of each of some sibling folders, or "".

    Words common to all of them ("flowers_train", "flowers_test") are ignored, and so
    are numbers and words like "set" or "images".
    """
    words = [_words(name) for name in names]
    common = set.intersection(*map(set, words)) if len(words) > 1 else set()
    named = [_split([word for word in each if word not in common]) for each in words]
    validated = VALIDATION in named
    instead = TEST if validated else VALIDATION
    return [instead if each == EVALUATION else each for each in named]


def words_of(name: str) -> list[str]:
    """The words in a name, in lower case, without numbers."""
    plain = _CAMEL.sub(" ", unicodedata.normalize("NFKC", name))
    return _LETTERS.findall(plain.lower())


def _words(name: str) -> list[str]:
    """The words of a name that may denote a split."""
    words = [_without_filler(word) for word in words_of(name)]
    return [word for word in words if word not in _FILLERS]


def _without_filler(word: str) -> str:
    """ "trainset" and "训练集" without filler words."""
    if word in _SPLITS:
        return word
    rests = (word[: -len(each)] for each in _FILLERS if word.endswith(each))
    return next((rest for rest in rests if rest in _SPLITS), word)


def _split(words: list[str]) -> str:
    """The split that words denote; "hold out" and "train val" count as one word."""
    return _SPLITS.get("".join(words), "")
