"""Small Keras models of sequences: states, attention, masks."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers
from tricky_registry import model


@model
def encoder_decoder() -> keras.Model:
    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    embedding = layers.Embedding(12, 4, mask_zero=True, name="words")
    _sequence, *states = layers.LSTM(5, return_state=True)(embedding(source))
    encoder = keras.Model(source, states, name="encoder")
    sequence = layers.LSTM(5, return_sequences=True)(
        embedding(target), initial_state=encoder(source)
    )
    return keras.Model(
        [source, target], layers.Dense(12, activation="softmax")(sequence)
    )


@model
def gru_states() -> keras.Model:
    source, target = keras.Input((None, 3)), keras.Input((4, 3))
    _sequence, state = layers.GRU(5, return_state=True)(source)
    answer = layers.GRU(5, return_sequences=True)(target, initial_state=state)
    return keras.Model([source, target], [answer, state])


@model
def attention_keywords() -> keras.Model:
    query, value = keras.Input((4, 6)), keras.Input((5, 6))
    given = keras.Input((4, 5), dtype="bool")
    own = layers.MultiHeadAttention(2, 3)(query=query, value=query, key=query)
    cross, scores = layers.MultiHeadAttention(2, 3, dropout=0.1)(
        own, value, attention_mask=given, return_attention_scores=True
    )
    causal = layers.MultiHeadAttention(1, 4)(cross, cross, use_causal_mask=True)
    plain = layers.Attention()([causal, value])
    norm = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([plain, query]))
    return keras.Model([query, value, given], [norm, scores])


@model
def time_distributed_model() -> keras.Model:
    frame = keras.Input((8, 8, 3))
    hidden = layers.Conv2D(4, 3, strides=2, activation="relu")(frame)
    inner = keras.Model(frame, layers.GlobalAveragePooling2D()(hidden), name="frame")
    video = keras.Input((3, 8, 8, 3))
    return keras.Model(
        video,
        layers.LSTM(4)(layers.TimeDistributed(inner)(video)),
    )


@model
def bidirectional() -> keras.Model:
    x = keras.Input((None, 3))
    y = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(x)
    y = layers.Bidirectional(
        layers.GRU(3), backward_layer=layers.GRU(3, go_backwards=True), merge_mode="sum"
    )(y)
    z, *states = layers.Bidirectional(layers.LSTM(2, return_state=True))(x)
    return keras.Model(x, [y, layers.Concatenate()([z, *states])])


@model
def cells() -> keras.Model:
    x = keras.Input((4, 3))
    y = layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)], return_sequences=True)(x)
    y = layers.TimeDistributed(layers.Dense(2, name="step"))(y)
    return keras.Model(x, layers.RNN(layers.SimpleRNNCell(2), unroll=True)(y))


@model
def conv_lstm() -> keras.Model:
    x = keras.Input((3, 6, 6, 2))
    y = layers.ConvLSTM2D(3, 3, padding="same", return_sequences=True)(x)
    return keras.Model(x, layers.Conv3D(1, (1, 3, 3), activation="sigmoid")(y))


@model
def shared_embeddings() -> keras.Model:
    tokens, other = keras.Input((6,), dtype="int32"), keras.Input((6,), dtype="int32")
    words = layers.Embedding(10, 4, name="words")
    places = layers.Embedding(6, 4, name="places")(np.arange(6)[None])
    both = [words(tokens) + places, words(other)]
    pooled = [layers.GlobalMaxPooling1D()(each) for each in both]
    return keras.Model([tokens, other], layers.Dot(-1, normalize=True)(pooled))


@model
def mask_passing() -> keras.Model:
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x = layers.Embedding(12, 4, mask_zero=True)(tokens)
    x = layers.Dropout(0.2)(x)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    x = layers.TimeDistributed(layers.Dense(4))(x)
    x = layers.MultiHeadAttention(1, 4)(x, x) + x
    return keras.Model(
        tokens, layers.GlobalAveragePooling1D()(layers.LSTM(3)(x)[:, None])
    )


@model
def attention_masks() -> keras.Model:
    query, value = keras.Input((4,), dtype="int32"), keras.Input((6,), dtype="int32")
    given = keras.Input((6,), dtype="bool")
    words = layers.Embedding(12, 4, mask_zero=True)
    x = layers.Attention()([words(query), words(value)])
    y = layers.AdditiveAttention()([words(query), words(value)], mask=[None, given])
    z = layers.MultiHeadAttention(2, 3)(words(query), words(value))
    return keras.Model([query, value, given], layers.Concatenate()([x, y, z]))


@model
def masking_layer() -> keras.Model:
    x, weights = keras.Input((5, 3)), keras.Input((5,), dtype="bool")
    y = layers.Masking(mask_value=0.0)(x)
    y = layers.GRU(4, return_sequences=True)(y)
    pooled = layers.GlobalAveragePooling1D()(y)
    own = layers.GlobalAveragePooling1D()(x, mask=weights)
    return keras.Model([x, weights], layers.Concatenate()([pooled, own]))
