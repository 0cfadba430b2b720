"""Old names of Keras' layers, initializers and arguments, and what they are today."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.engine.model_files.legacy_cudnn import LAYERS as CUDNN

LAYERS: Mapping[str, str] = {
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
    "SyncBatchNormalization": "BatchNormalization",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "GRUV1": "GRU",
    "GRUV2": "GRU",
    "LSTMV1": "LSTM",
    "LSTMV2": "LSTM",
    "GRUCellV1": "GRUCell",
    "GRUCellV2": "GRUCell",
    "LSTMCellV1": "LSTMCell",
    "LSTMCellV2": "LSTMCell",
    "ThresholdedReLU": "ReLU",
    "TimeDistributedDense": "Dense",
    **CUDNN,
}
"""Layers with another name today; `legacy_arguments` does the rest."""

OPTIONS: Mapping[str, str] = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "b_constraint": "bias_constraint",
    "b_regularizer": "bias_regularizer",
    "beta_init": "beta_initializer",
    "bias": "use_bias",
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "forget_bias_init": "unit_forget_bias",
    "gamma_init": "gamma_initializer",
    "init": "kernel_initializer",
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
    "U_regularizer": "recurrent_regularizer",
    "dropout_U": "recurrent_dropout",
    "dropout_W": "dropout",
    "atrous_rate": "dilation_rate",
    "pool_length": "pool_size",
    "stride": "strides",
    "subsample": "strides",
    "subsample_length": "strides",
    "filter_length": "kernel_size",
    "kernel_dim": "kernel_size",
    "nb_filter": "filters",
}
"""Arguments of Keras 1 that mean the same for all layers that have them."""

BY_LAYER: Mapping[str, Mapping[str, str]] = {
    "AlphaDropout": {"p": "rate"},
    "Bidirectional": {},
    "Dense": {"output_dim": "units"},
    "Dropout": {"p": "rate"},
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
    },
    "GaussianDropout": {"p": "rate"},
    "GaussianNoise": {"sigma": "stddev"},
    "GRU": {"output_dim": "units"},
    "LeakyReLU": {"alpha": "negative_slope"},
    "LSTM": {"output_dim": "units"},
    "RandomHeight": {},
    "ReLU": {"theta": "threshold"},
    "SimpleRNN": {"output_dim": "units"},
    "SpatialDropout1D": {"p": "rate"},
    "SpatialDropout2D": {"p": "rate"},
    "SpatialDropout3D": {"p": "rate"},
    "UpSampling1D": {"length": "size"},
}
"""Arguments of single layers with another name today."""

INITIALIZERS: Mapping[str, str] = {
    "normal": "random_normal",
    "uniform": "random_uniform",
    "one": "ones",
    "zero": "zeros",
}
"""Initializers by name; classes keep theirs."""

CHOICES: Mapping[str, Mapping[str, str | bool]] = {
    "data_format": {"tf": "channels_last", "th": "channels_first"},
    "unit_forget_bias": {"one": True, "zero": False},
}
"""Values of arguments with another name today."""

IGNORED = frozenset(
    {
        *("adjustment", "batch_input_shape", "batch_shape", "cell_wrapper"),
        *("consume_less", "dynamic", "experimental_run_tf_function", "fused"),
        *("implementation", "input_dim", "input_dtype", "input_length", "input_shape"),
        *("input_tensor", "key_shape", "output_shape_type", "query_shape", "ragged"),
        *("renorm_clipping", "renorm_momentum", "sparse", "time_major"),
        *(
            "use_legacy_format",
            "value_shape",
            "virtual_batch_size",
            "weights",
            "vocabulary_size",
        ),
        *("mode", "batch_size", "zero_output_for_mask", "_is_subnetwork"),
        *("module", "function_type", "output_shape_module"),
        *("force_generator", "rng_type"),
    }
)
"""Arguments that say nothing of what a layer computes, or what Keras infers today."""

UNCHANGING: Mapping[str, object] = {"groups": 1}
"""Values of arguments, which some layers do not have today, that change nothing."""

SEPARABLE = ("SeparableConv1D", "SeparableConv2D")
KERNEL = frozenset({"kernel_initializer", "kernel_regularizer", "kernel_constraint"})
"""Arguments of layers with two kernels that meant neither of them."""
