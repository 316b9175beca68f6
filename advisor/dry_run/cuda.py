"""What a CUDA device would do where tensors without a device would do something else.

Runs in the child process only. Most operations allocate the same on every device; these do not: scaled dot product
attention (which kernel is chosen), dropout, autocast, the choice of optimizer kernels, and memory that kernels take
for themselves. Written after PyTorch's aten/src/ATen/native/transformers/ and aten/src/ATen/cuda/ (2.13).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode, wrap_torch_function
from torch.utils import _foreach_utils

aten = torch.ops.aten
HALF = (torch.float16, torch.bfloat16)
CUBLAS_WORKSPACE = 2 * 4096 * 1024 + 8 * 16 * 1024  # ":4096:2:16:8", CublasHandlePool.cpp; 32 MiB from Hopper on
CUBLAS_HANDLES = 2  # handles are per thread: one for the forward pass, one for the autograd thread
FLASH_MOST_HEAD_DIM = 256  # sdp_utils.cpp
NF4_BLOCK = 64  # parameters per scale; QLoRA (arXiv 2305.14314), section 3


@contextlib.contextmanager
def on_cuda() -> Iterator[None]:
    """Inside, choices that depend on the device are those of CUDA."""
    replaced = (
        (F, "scaled_dot_product_attention", scaled_dot_product_attention),
        (F, "dropout", dropout),
        (_foreach_utils, "_get_foreach_kernels_supported_devices", _without_device),
        (sys.modules[torch.optim.Optimizer.__module__], "_get_fused_kernels_supported_devices", _without_device),
    )
    before = [getattr(owner, name) for owner, name, _ in replaced]
    for owner, name, value in replaced:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for (owner, name, _), value in zip(replaced, before, strict=True):
            setattr(owner, name, value)


def _without_device() -> list[str]:
    return ["meta"]


def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """CUDA's fused dropout keeps a mask of one byte per element."""
    return torch.native_dropout(input, p, True)[0] if training and p > 0 else input


@wrap_torch_function(lambda query, key, value, *_, **__: (query, key, value))  # type: ignore[untyped-decorator]
def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    """The kernel CUDA chooses: flash, else memory-efficient, else plain arithmetic (which keeps the scores)."""
    head_dim = query.shape[-1]
    same_heads = query.shape[1] == key.shape[1]
    if (
        query.dtype in HALF
        and attn_mask is None
        and head_dim == value.shape[-1] <= FLASH_MOST_HEAD_DIM
        and (same_heads or enable_gqa)
        and (not is_causal or query.shape[2] == key.shape[2])
    ):
        padded = [F.pad(t, (0, -head_dim % 8)) if head_dim % 8 else t for t in (query, key, value)]
        scale = head_dim**-0.5 if scale is None else scale
        out = aten._scaled_dot_product_flash_attention(*padded, dropout_p, is_causal, False, scale=scale)[0]
        return out[..., :head_dim]
    if same_heads:
        mask = _additive(attn_mask, query, key)
        keeps = torch.is_grad_enabled() and (query.requires_grad or key.requires_grad or value.requires_grad)
        return aten._scaled_dot_product_efficient_attention(
            query, key, value, mask, keeps, dropout_p, is_causal, scale=scale
        )[0]
    return aten._scaled_dot_product_attention_math(
        query, key, value, attn_mask, dropout_p, is_causal, None, scale=scale, enable_gqa=enable_gqa
    )[0]


def _additive(mask: Any, query: Any, key: Any) -> Any:
    """A boolean mask becomes one of the queries' data type, its rows aligned to 16 elements, spread over the heads."""
    if mask is None:
        return None
    if mask.dtype == torch.bool:
        mask = torch.zeros_like(mask, dtype=query.dtype).masked_fill_(mask.logical_not(), float("-inf"))
    width = mask.shape[-1]
    if width % 16:
        mask = F.pad(mask, (0, -width % 16))[..., :width]
    return mask.expand(query.shape[0], query.shape[1], query.shape[2], key.shape[2])


def in_kernel_bytes(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
    """Bytes that a CUDA kernel allocates for itself and gives back when it is done."""
    name = func.__name__
    if name.startswith("_scaled_dot_product_flash_attention_backward"):
        return _flash_backward(args[1], args[2])
    if name.startswith("_scaled_dot_product_efficient_attention_backward"):
        # the gradient of the queries is accumulated in fp32 when the inputs are halves (attention_backward.cu)
        return int(args[1].numel()) * 4 if args[1].dtype in HALF else 0
    if name.startswith("gemm_4bit"):
        return _gemm_4bit(args[0], args[2], nested=len(args) > 7 or kwargs.get("absmax_8bit") is not None)
    return 0


def _flash_backward(query: Any, key: Any) -> int:
    """fp32 accumulator of dQ and row sums, rows rounded to 128, heads to 32; dK, dV per query head under GQA."""
    batch, heads, rows, head_dim = query.shape
    rows_rounded = -(-rows // 128) * 128
    dim_rounded = -(-head_dim // 32) * 32 if head_dim <= 128 else -(-head_dim // 64) * 64
    size = batch * heads * rows_rounded * (dim_rounded + 1) * 4
    if key.shape[1] != heads:
        size += 2 * batch * key.shape[2] * heads * head_dim * key.element_size()
    return int(size)


def _gemm_4bit(inputs: Any, shape: Any, nested: bool) -> int:
    """The weight de-quantised for one product, and its scales if they are quantised themselves (twice: plus offset).

    bitsandbytes 0.50 (backends/cuda/ops.py) does this on every card above 512 rows of inputs; below, on some cards a
    fused kernel needs nothing, which is not counted on here.
    """
    parameters = int(shape[0]) * int(shape[1])
    scales = 2 * (parameters // NF4_BLOCK) * 4 if nested else 0
    return parameters * int(inputs.element_size()) + scales


LOWER = frozenset(
    {"linear", "matmul", "__matmul__", "bmm", "mm", "addmm", "baddbmm", "einsum", "scaled_dot_product_attention"}
)
RAISED = frozenset({"softmax", "log_softmax", "layer_norm", "rms_norm", "cross_entropy", "nll_loss", "pow", "rsqrt"})


class Autocast(TorchFunctionMode):  # type: ignore[misc]
    """Mixed precision as torch.autocast does it on CUDA, for tensors without a device.

    Matrix products run in `dtype`, a few others in fp32; the half-precision copy of an fp32 weight that is trained is
    made once and kept until the context ends.
    """

    def __init__(self, dtype: Any) -> None:
        super().__init__()
        self._dtype = dtype
        self._copies: dict[int, Any] = {}

    def __exit__(self, *details: Any) -> None:
        self._copies.clear()
        super().__exit__(*details)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if name in LOWER:
            args = tuple(self._lowered(a) for a in args)
            kwargs = {k: self._lowered(v) for k, v in kwargs.items()}
        elif name in RAISED:
            args = tuple(a.float() if _floating(a) and a.dtype in HALF else a for a in args)
        return func(*args, **kwargs)

    def _lowered(self, value: Any) -> Any:
        if not _floating(value) or value.dtype != torch.float32:
            return value
        if not (value.is_leaf and value.requires_grad):
            return value.to(self._dtype)
        if id(value) not in self._copies:
            self._copies[id(value)] = value.to(self._dtype)
        return self._copies[id(value)]


def _floating(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()
