"""How the features of samples meet a model: tensors, raw arguments of an export."""
