"""Search layers by name and purpose, in both languages. Independent of Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.schema import Description
from dlstudio.i18n import Translator, all_translators
from dlstudio.ui.model.palette.common_layers import COMMON_LAYERS
from dlstudio.ui.name_search import MatchRank, match_rank

# Common synonyms beside Keras' own names, in both languages.
SYNONYMS: dict[str, str] = {
    "keras.layers.Dense": "fully connected linear fc 全连接 线性",
    "keras.layers.Conv2D": "convolution cnn 卷积",
    "keras.layers.Conv1D": "convolution 卷积",
    "keras.layers.Conv2DTranspose": "deconvolution upconv 反卷积 转置卷积",
    "keras.layers.MaxPooling2D": "maxpool subsample 最大池化",
    "keras.layers.AveragePooling2D": "avgpool mean 平均池化",
    "keras.layers.GlobalAveragePooling2D": "gap 全局平均池化",
    "keras.layers.Dropout": "regularize overfitting 随机失活 过拟合",
    "keras.layers.BatchNormalization": "batchnorm bn 批归一化 批标准化",
    "keras.layers.LayerNormalization": "layernorm ln 层归一化",
    "keras.layers.Flatten": "vector 展平",
    "keras.layers.Add": "residual shortcut skip sum 残差 相加",
    "keras.layers.Concatenate": "join merge skip 拼接 合并",
    "keras.layers.LSTM": "recurrent memory 长短期记忆 循环",
    "keras.layers.GRU": "recurrent gated 门控循环",
    "keras.layers.Embedding": "word vector 词向量 嵌入",
    "keras.layers.MultiHeadAttention": "transformer self-attention 多头注意力",
    "keras.layers.Rescaling": "normalize scale 255 缩放 归一化",
    "keras.layers.Resizing": "size scale 尺寸 缩放",
    "keras.layers.RandomFlip": "augment mirror 翻转 增强",
    "keras.layers.RandomRotation": "augment rotate 旋转 增强",
    "keras.layers.InputLayer": "input 输入",
}

CATEGORY_SYNONYMS: dict[str, str] = {
    "convolution": "卷积",
    "pooling": "池化 downsample",
    "recurrent": "循环 rnn sequence",
    "attention": "注意力",
    "regularization": "正则化",
    "normalization": "归一化",
    "activation": "激活",
    "reshaping": "变形 形状",
    "merging": "合并",
    "preprocessing": "预处理",
    "augmentation": "增强",
    "operations": "运算 函数 function math 数学",
}


def search_words(description: Description, translators: Sequence[Translator]) -> str:
    """Return all words that find a layer beside its name, in every language."""
    category = CATEGORIES.get(description.category)
    title = category.title if category else description.category
    own = (description.summary, title)
    words = [
        *map(str, description.extra.get("aliases", ())),
        *own,
        *(translator.text(text) for translator in translators for text in own),
        SYNONYMS.get(description.kind, ""),
        CATEGORY_SYNONYMS.get(description.category, ""),
    ]
    return " ".join(words)


class LayerSearch:
    """Searches layers; their words are collected once.

    Args:
        descriptions: The layers to search.
    """

    def __init__(self, descriptions: Iterable[Description]) -> None:
        translators = all_translators()
        self._words = [(each, search_words(each, translators)) for each in descriptions]

    def find(self, query: str, preferred: Collection[str] = ()) -> list[Description]:
        """Return the matching layers, best first; all of them for an empty query.

        Layers rank above operations that match equally: "conv" usually means Conv2D.

        Args:
            query: The search text.
            preferred: Kinds that rank above others that match equally.
        """
        if not query.strip():
            return [each for each, _words in self._words]
        found = []
        for each, words in self._words:
            fitting = match_rank(query, each.name, words)
            if fitting is not None:
                operation = each.family == "ops"
                place = max(fitting, MatchRank.PREFIX) if operation else fitting
                usual = COMMON_LAYERS.get(each.kind, len(COMMON_LAYERS))
                late = bool(preferred) and each.kind not in preferred
                key = (place, late, operation, usual, len(each.name), each.name)
                found.append((key, each))
        return [each for _key, each in sorted(found, key=lambda pair: pair[0])]
