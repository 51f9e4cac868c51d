"""Writes the files in params/ that tests/it/params.rs reads: python params.py (numpy 2, safetensors, ml_dtypes).

Every array is made from the numbers 0.25, -0.5, 0.75, -1.0, ..., which every type holds exactly, so the tests know what
to expect without a list of numbers; `rounded` alone holds what f32 cannot.
"""

import pathlib

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).with_name("params")
folder.mkdir(exist_ok=True)


def quarters(*shape, dtype=np.float64):
    count = int(np.prod(shape))
    signs = np.where(np.arange(count) % 2 == 0, 1.0, -1.0)
    return (signs * 0.25 * (1 + np.arange(count))).reshape(shape).astype(dtype)


# One array of each type and each kind of shape, in an order that is not the alphabet's.
arrays = {
    "w": quarters(2, 3, dtype=np.float32),
    "half": quarters(4, dtype=np.float16),
    "columns": quarters(2, 3, 4),
    "scalar": quarters(),
    "empty": quarters(0, 3),
    "big_endian": quarters(5, dtype=">f4"),
    "layer.0/bias": quarters(1, dtype=np.float32),
    "größe": quarters(2),
}
fortran = {**arrays, "columns": np.asfortranarray(arrays["columns"])}
np.savez(folder / "numpy.npz", **fortran)
np.savez_compressed(folder / "compressed.npz", **fortran)
np.savez(folder / "integers.npz", w=quarters(2), steps=np.arange(3))
np.savez(folder / "structured.npz", pairs=np.zeros(2, dtype=[("a", "f8"), ("b", "i4")]))
np.savez(folder / "none.npz")
np.save(folder / "single.npy", quarters(2))
np.savez(folder / "rounded.npz", x=np.array([0.1, 1e-300, np.nan, np.inf, -0.0]))
np.savez(folder / "beyond.npz", x=np.array([1.0, 1e300]))

tensors = {name: array.astype(array.dtype.newbyteorder("=")) for name, array in arrays.items()}
tensors["brain"] = quarters(3, dtype=ml_dtypes.bfloat16)
save_file(tensors, folder / "numpy.safetensors")
save_file({"w": quarters(2), "steps": np.arange(3)}, folder / "integers.safetensors")
save_file({"x": np.array([1.0, 1e300])}, folder / "beyond.safetensors")
save_file({}, folder / "none.safetensors")
