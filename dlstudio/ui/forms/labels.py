"""What parameters are called in forms; those not listed are made from their names."""

from __future__ import annotations

from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

LABELS = {
    "activation": mark("Activation"),
    "activity_regularizer": mark("Activity regularizer"),
    "alpha": mark("Alpha"),
    "axis": mark("Axis"),
    "batch_size": mark("Batch size"),
    "bias_constraint": mark("Bias constraint"),
    "bias_initializer": mark("Bias initializer"),
    "bias_regularizer": mark("Bias regularizer"),
    "cell": mark("Cell"),
    "cells": mark("Cells"),
    "checkpoint_minutes": mark("Checkpoint minutes"),
    "class_weights": mark("Class weights"),
    "clipnorm": mark("Clip norm"),
    "cropping": mark("Cropping"),
    "data_format": mark("Data format"),
    "depth_multiplier": mark("Depth multiplier"),
    "deterministic": mark("Deterministic"),
    "device": mark("Device"),
    "dilation_rate": mark("Dilation rate"),
    "dims": mark("Dimensions"),
    "dropout": mark("Dropout"),
    "dtype": mark("Number type"),
    "early_stopping": mark("Early stopping"),
    "early_stopping.monitor": mark("Early stopping: monitor"),
    "early_stopping.patience": mark("Early stopping: patience"),
    "epochs": mark("Epochs"),
    "epsilon": mark("Epsilon"),
    "every_epochs": mark("Every so many epochs"),
    "factor": mark("Factor"),
    "fill_mode": mark("Fill mode"),
    "fill_value": mark("Fill value"),
    "filters": mark("Filters"),
    "final": mark("Final"),
    "from_logits": mark("From logits"),
    "frozen": mark("Frozen"),
    "go_backwards": mark("Go backwards"),
    "graph": mark("Graph"),
    "groups": mark("Groups"),
    "height": mark("Height"),
    "height_factor": mark("Height factor"),
    "input_dim": mark("Input size"),
    "interpolation": mark("Interpolation"),
    "keepdims": mark("Keep dimensions"),
    "kernel_constraint": mark("Kernel constraint"),
    "kernel_initializer": mark("Kernel initializer"),
    "kernel_regularizer": mark("Kernel regularizer"),
    "kernel_size": mark("Kernel size"),
    "key_dim": mark("Key size"),
    "l1": mark("L1"),
    "l2": mark("L2"),
    "label_smoothing": mark("Label smoothing"),
    "layer": mark("Layer"),
    "layers": mark("Layers"),
    "learning_rate": mark("Learning rate"),
    "loss": mark("Loss"),
    "mask_zero": mark("Mask zeros"),
    "max_value": mark("Largest value"),
    "mean": mark("Mean"),
    "merge_mode": mark("Merge mode"),
    "metrics": mark("Metrics"),
    "min_value": mark("Smallest value"),
    "minimum": mark("Minimum"),
    "mode": mark("Mode"),
    "momentum": mark("Momentum"),
    "monitor": mark("Monitor"),
    "name": mark("Name"),
    "negative_slope": mark("Negative slope"),
    "nesterov": mark("Nesterov"),
    "num_heads": mark("Heads"),
    "offset": mark("Offset"),
    "optimizer": mark("Optimizer"),
    "output_dim": mark("Output size"),
    "output_size": mark("Output size"),
    "padding": mark("Padding"),
    "patience": mark("Patience"),
    "pool_size": mark("Pool size"),
    "precision": mark("Precision"),
    "process": mark("Process"),
    "rate": mark("Rate"),
    "recurrent_activation": mark("Recurrent activation"),
    "recurrent_dropout": mark("Recurrent dropout"),
    "return_sequences": mark("Return sequences"),
    "return_state": mark("Return state"),
    "rise": mark("Rise"),
    "scale": mark("Scale"),
    "schedule": mark("Schedule"),
    "seed": mark("Random seed"),
    "shape": mark("Shape"),
    "size": mark("Size"),
    "start": mark("Start value"),
    "stateful": mark("Stateful"),
    "stddev": mark("Standard deviation"),
    "steps_per_execution": mark("Steps per execution"),
    "strides": mark("Strides"),
    "target_shape": mark("Target shape"),
    "threshold": mark("Threshold"),
    "units": mark("Units"),
    "use_bias": mark("Use a bias"),
    "value": mark("Value"),
    "value_range": mark("Range of values"),
    "warmup_epochs": mark("Warm-up epochs"),
    "weight_decay": mark("Weight decay"),
    "width": mark("Width"),
    "width_factor": mark("Width factor"),
}

# What a parameter that is not set comes to, where "none" would tell too little.
NOT_SET = {
    "attention_axes": mark("all axes"),
    "batch_size": mark("any"),
    "fft_length": mark("automatic"),
    "frame_step": mark("half of the frame"),
    "max_freq": mark("half of the sampling rate"),
    "max_tokens": mark("no limit"),
    "output_sequence_length": mark("as long as the longest"),
    "output_shape": mark("as the query"),
    "seed": mark("automatic"),
    "strides": mark("same as pool size"),
    "value_dim": mark("same as key size"),
    "width_factor": mark("same as height"),
}


def not_set_text(name: str) -> str:
    """What a field shows, greyed, where a parameter that may be none is not set."""
    found = NOT_SET.get(name)
    return _(found) if found is not None else _("none")


def label_text(name: str) -> str:
    """A parameter's name as a label: "kernel_size" → "Kernel size"."""
    found = LABELS.get(name)
    if found is not None:
        return _(found)
    text = name.replace("_", " ").replace(".", ": ")
    return text[:1].upper() + text[1:]
