"""Where the guide explains a room, a parameter or a metric.

A topic is the name of a page, optionally followed by `#` and an anchor, or
"description/KIND/PARAMETER" for a page generated from a description.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from dlstudio.catalog.guide import GLOSSARY
from dlstudio.catalog.schema import Description

DESCRIPTION = "description/"
"""Prefix of topics that are generated from a description."""

ROOMS = MappingProxyType(
    {
        "start": "first-model",
        "data": "own-images",
        "model": "canvas",
        "train": "reading-curves",
        "evaluate": "evaluation",
        "predict": "evaluation#predict",
        "export": "export",
    }
)
"""The topic of each room of the main window, by the room's key."""

# Entries of the glossary, each with the parameters that it explains. A parameter is
# written as a pattern of "family:Name.parameter"; the first match counts.
_PARAMETERS = (
    ("batch-normalization", r"layers:BatchNormalization\.(momentum|renorm_momentum)"),
    ("momentum", r"optimizers:\w+\.(momentum|nesterov|beta_\d|adam_beta_\d)"),
    ("weight-decay", r"optimizers:\w+\.(adam_)?weight_decay"),
    ("gradient-clipping", r"optimizers:\w+\.(clipnorm|clipvalue|global_clipnorm)"),
    ("learning-rate", r"(optimizers|plan):\w+\.learning_rate"),
    ("schedule", r"plan:plan\.schedule|schedules:\w+\.(?!warmup_epochs)\w+"),
    ("warmup", r"schedules:\w+\.warmup_epochs"),
    ("loss", r"plan:plan\.loss"),
    ("optimizer", r"plan:plan\.optimizer"),
    ("epoch", r"plan:plan\.epochs"),
    ("batch", r"(plan|layers):\w+\.batch_size"),
    ("evaluation", r"plan:plan\.metrics"),
    ("early-stopping", r"plan:plan\.early_stopping(\.\w+)?"),
    ("transfer-learning", r"plan:plan\.head_first(\.\w+)?"),
    ("class-weights", r"plan:plan\.class_weights?"),
    ("mixed-precision", r"plan:plan\.precision"),
    ("steps-per-execution", r"plan:plan\.steps_per_execution"),
    ("checkpoint", r"plan:plan\.checkpoint_minutes"),
    ("seed", r"\w+:\w+\.(seed|deterministic)"),
    ("label-smoothing", r"losses:\w+\.label_smoothing"),
    ("logits", r"(losses|metrics):\w+\.from_logits"),
    ("top-k-accuracy", r"(plain_metrics|metrics):\w+\.k"),
    ("threshold", r"metrics:\w+\.thresholds?"),
    ("dense", r"layers:Dense\.units"),
    ("filters", r"layers:\w+\.filters"),
    ("kernel-size", r"layers:\w+\.kernel_size"),
    ("strides", r"layers:\w+\.strides"),
    ("dilation", r"layers:\w+\.dilation_rate"),
    ("padding", r"layers:(?!ZeroPadding)\w+\.padding"),
    ("pooling", r"layers:\w+\.pool_size"),
    ("activation", r"layers:\w+\.(recurrent_)?activation"),
    ("bias", r"layers:\w+\.use_bias"),
    ("initializer", r"layers:\w+\.\w+_initializer"),
    ("regularization", r"layers:\w+\.\w+_regularizer|regularizers:\w+\.l[12]"),
    ("dropout", r"layers:\w*Dropout\w*\.rate|layers:\w+\.(recurrent_)?dropout"),
    ("weight", r"layers:\w+\.trainable"),
    ("shape", r"layers:\w+\.(shape|target_shape)"),
    ("rescaling", r"layers:Rescaling\.(scale|offset)"),
    ("split", r"sources:\w+\.(split_column|split_folders)"),
    ("label", r"sources:\w+\.(label_columns|labels|classes|ignore_case)"),
)

_METRICS = (
    ("balanced-accuracy", r"balanced_accuracy"),
    ("top-k-accuracy", r"top_(k|\d+)(_accuracy)?"),
    ("accuracy", r"(\w+_)?accuracy"),
    ("threshold", r"threshold"),
    ("entity", r"entity_(precision|recall|f1)"),
    ("perplexity", r"perplexity|bits_per_(character|token)"),
    ("bleu", r"bleu|chrf|exact_match"),
    ("precision", r"(macro_)?precision"),
    ("recall", r"(macro_)?recall"),
    ("f1", r"(macro_)?f1(_score)?"),
    ("roc-auc", r"(roc_)?auc"),
    ("log-loss", r"log_loss|\w*crossentropy"),
    ("mean-absolute-error", r"mae"),
    ("root-mean-squared-error", r"rmse"),
    ("r2", r"r2"),
    ("reconstruction-error", r"mse|psnr|ssim"),
    ("loss", r"loss"),
    ("calibration-error", r"ece"),
    ("confusion-matrix", r"confusion"),
    ("learning-rate", r"learning_rate"),
    ("epoch", r"epochs?"),
    ("latency", r"throughput|latency\w*"),
    ("sample", r"samples|support"),
)


def parameter_topic(description: Description, name: str) -> str:
    """The topic of a parameter: a glossary entry, or its generated page."""
    written = f"{description.family}:{description.name}.{name}"
    return _topic(_PARAMETERS, written) or f"{DESCRIPTION}{description.kind}/{name}"


def metric_topic(name: str) -> str:
    """The glossary's topic for a metric; "" where the glossary has none.

    Args:
        name: The metric's name in run records, such as "val_top_3_accuracy".
    """
    return _topic(_METRICS, name.removeprefix("val_"))


def _topic(entries: Sequence[tuple[str, str]], written: str) -> str:
    """The first entry whose pattern matches, as a topic."""
    found = next((key for key, each in entries if re.fullmatch(each, written)), "")
    return f"{GLOSSARY}#{found}" if found else ""
