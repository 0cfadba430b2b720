"""How good a trained model is: metrics, mistakes and the verdict."""
