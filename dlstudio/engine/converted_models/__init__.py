"""Files that models are converted to, read to be viewed: TensorFlow Lite and ONNX."""
