"""Multiply-adds of operations, by their names; see `cost` for what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

Shape = Sequence[Any]

# Nothing is computed: values are moved, reshaped or looked up.
_MOVING = (
    "array_split broadcast_to cast concatenate copy diag diagonal dsplit dstack"
    " expand_dims extract_patches extract_sequences flip fliplr flipud get_item hsplit"
    " hstack moveaxis pad ravel rearrange repeat reshape roll rot90 saturate_cast slice"
    " split squeeze stack stop_gradient swapaxes take take_along_axis tile transpose"
    " unstack view vsplit vstack zeros_like ones_like full_like empty_like crop_images"
    " pad_images depth_to_space space_to_depth append"
)
# Each output value sums over the last axis of the first tensor.
_PRODUCTS = "matmul dot inner"
# Their cost depends on the values, on a kernel, or on a power of the size.
_UNKNOWN = (
    "cholesky cholesky_inverse conv depthwise_conv separable_conv det eig eigh inv"
    " lstsq logdet lu_factor matrix_rank pinv qr slogdet solve solve_triangular svd"
    " tensordot einsum ctc_loss ctc_decode fft fft2 ifft2 rfft irfft stft istft kron"
    " cdist ssim gaussian_blur elastic_transform sort argsort argpartition top_k unique"
    " dot_product_attention correlate outer vander"
)


MOVING, PRODUCTS, UNKNOWN = (
    frozenset(names.split()) for names in (_MOVING, _PRODUCTS, _UNKNOWN)
)


def operation_cost(
    name: str, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int | None:
    """Multiply-adds for one sample.

    Args:
        name: Name of the operation, without its module.
        inputs, outputs: Shapes with the batch first.

    Returns:
        None if a size is unknown or the cost cannot be determined.
    """
    if name in MOVING:
        return 0
    if name in UNKNOWN:
        return None
    if name in PRODUCTS:
        if len(inputs) < 2 or not inputs[0]:
            return None
        return _product([*outputs[0][1:], inputs[0][-1]])
    read = [_product(shape[1:]) for shape in inputs]
    return None if None in read else sum(each or 0 for each in read)


def _product(sizes: Shape) -> int | None:
    return None if None in sizes else int(prod(sizes))
