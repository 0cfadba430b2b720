"""The training loop: steps, loop, state, and how a training ends."""
