"""Writes data.json, which tests/it/data/ reads: python data.py (numpy 2, scikit-learn 1.9), and the arrays in data/.

The orders are drawn by a second implementation of ChaCha8 and of the shuffle, from their descriptions: D. J. Bernstein,
*ChaCha, a variant of Salsa20*, 2008, with 64 bits each for counter and nonce; D. Lemire's numbers below a bound, 2019.
Moons, circles and the scalings are scikit-learn's. Numbers are strings, as the shortest digits that give them back.
"""

import json
import math
import pathlib
import struct

import numpy as np
from sklearn.datasets import make_circles, make_moons
from sklearn.preprocessing import MinMaxScaler, StandardScaler

MASK = 0xFFFFFFFF


def quarter(x, a, b, c, d):
    for one, two, other, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        x[one] = (x[one] + x[two]) & MASK
        mixed = x[other] ^ x[one]
        x[other] = (mixed << turn | mixed >> (32 - turn)) & MASK


def chacha8(key):
    """The stream of 64-bit words, the least significant byte first."""
    start = struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key)
    block = 0
    while True:
        state = [*start, block & MASK, block >> 32, 0, 0]
        x = list(state)
        for _ in range(4):
            for column in range(4):
                quarter(x, column, 4 + column, 8 + column, 12 + column)
            for diagonal in range(4):
                quarter(x, diagonal, 4 + (diagonal + 1) % 4, 8 + (diagonal + 2) % 4, 12 + (diagonal + 3) % 4)
        words = struct.pack("<16I", *((a + b) & MASK for a, b in zip(x, state)))
        yield from struct.unpack("<8Q", words)
        block += 1


def below(stream, n):
    while True:
        product = next(stream) * n
        if product % 2**64 >= 2**64 % n:
            return product >> 64


def stream(seed, turn, purpose):
    return chacha8(struct.pack("<4Q", seed, turn, purpose, 0))


def order(n, seed, epoch):
    words = stream(seed, epoch, 1)
    rows = list(range(n))
    for i in range(n - 1, 0, -1):
        j = below(words, i + 1)
        rows[i], rows[j] = rows[j], rows[i]
    return rows


def normals(count, seed):
    words = stream(seed, 0, 3)
    uniform = lambda: (next(words) >> 11) / 2**53
    drawn = []
    while len(drawn) < count:
        radius = math.sqrt(-2 * math.log(1 - uniform()))
        angle = math.tau * uniform()
        drawn += [radius * math.cos(angle), radius * math.sin(angle)]
    return drawn[:count]


def text(array):
    return [repr(float(x)) for x in np.asarray(array).ravel()]


generator = np.random.default_rng(7)
x = generator.normal(size=(9, 4)) * [1.0, 1e-3, 1e5, 0.0] + [0.0, 1.0, -1e7, 0.1]
standard, extremes = StandardScaler().fit(x), MinMaxScaler().fit(x)
content = {
    "orders": [
        {"n": n, "seed": str(seed), "epoch": str(epoch), "rows": order(n, seed, epoch)}
        for n, seed, epoch in [(1, 0, 0), (10, 0, 0), (10, 0, 1), (10, 1, 0), (40, 2**64 - 1, 12345678901234567890)]
    ],
    "normals": {"seed": 7, "numbers": text(normals(6, 7))},
    "moons": [{"n": n, "x": text(make_moons(n, shuffle=False)[0]), "y": make_moons(n, shuffle=False)[1].tolist()} for n in (4, 11)],
    "circles": [
        {"n": n, "factor": f, "x": text(made[0]), "y": made[1].tolist()}
        for n, f in [(6, 0.5), (11, 0.75)]
        for made in [make_circles(n, factor=f, shuffle=False)]
    ],
    "scaling": {
        "x": text(x),
        "columns": 4,
        "mean": text(standard.mean_),
        "deviation": text(np.sqrt(standard.var_)),
        "standard": text(standard.transform(x)),
        "min": text(extremes.data_min_),
        "max": text(extremes.data_max_),
        "min_max": text(extremes.transform(x)),
    },
}
here = pathlib.Path(__file__)
here.with_suffix(".json").write_text(json.dumps(content, indent=1) + "\n")

folder = here.with_name("data")
folder.mkdir(exist_ok=True)
small = np.arange(6).reshape(2, 3)
arrays = {code: small.astype(code) for code in ["<f2", "<f4", ">f8", "i1", "<i2", ">i4", "<i8", "u1", ">u2", "<u4", "<u8"]}
np.savez_compressed(
    folder / "types.npz",
    columns=np.asfortranarray(small.astype(">i4")),
    truth=small % 2 == 1,
    least=np.array([-128, 127], "i1"),
    text=np.array(["oak", "elm"]),
    **{code.strip("<>"): array for code, array in arrays.items()},
)
np.save(folder / "one.npy", small.astype("<i4"))
