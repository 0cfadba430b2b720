"""Imports TensorFlow and Keras and runs one operation: the engine's baseline.

python engine_bare.py
"""

import json

from memory import peak

from dlstudio.engine.runtime.startup import start_tensorflow

tf = start_tensorflow()

import keras

keras.ops.add(tf.ones((32, 96, 96, 3)), 1)
print(json.dumps({"peak": peak()}))
