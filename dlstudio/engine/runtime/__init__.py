"""TensorFlow in this process: startup, devices, seeds, versions, stopping."""
