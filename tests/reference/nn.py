"""Writes nn.json beside it: values and gradients of layers and losses, by JAX in float64: python nn.py

A case is

    op, name     the layer or loss, and what is particular about the case
    args         its numbers
    params       arrays by name, which it is differentiated by, as {"shape": [...], "data": [row-major]}
    statistics   arrays by name, which it is not differentiated by; `after`: what they are after a pass of training
    inputs       the arrays it is given, which it is differentiated by; `integers` are arrays of integers
    output       what it computes
    weights      of its shape: L = Σ weights · output
    gradients    of L by each of the parameters and, under "inputs", each of the inputs

Parameters, inputs and weights are decimals of three places, from a generator seeded by the name of the case.
"""
import json, os, zlib

os.environ.setdefault("JAX_PLATFORMS", "cpu")
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

jax.config.update("jax_enable_x64", True)
cases = []


def packed(x):
    x = np.asarray(x)
    kind = int if x.dtype.kind in "iu" else float
    return {"shape": list(x.shape), "data": [kind(v) for v in x.ravel()]}


class Draw:
    def __init__(self, name):
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))

    def __call__(self, *shape, low=-2.0, high=2.0):
        return np.round(self.rng.uniform(low, high, shape), 3) + 0.0


def case(op, name, f, params, inputs, args=None, statistics=None, integers=(), after=None):
    """f(params, statistics, integers, *inputs) is the output."""
    draw, statistics = Draw(f"{op}, {name}: weights"), statistics or {}
    whole = lambda params, inputs: f(params, statistics, integers, *inputs)
    output = whole(params, inputs)
    weights = draw(*output.shape)
    loss = lambda params, inputs: jnp.sum(weights * whole(params, inputs))
    by_params, by_inputs = jax.grad(loss, argnums=(0, 1))(params, list(inputs))
    table = lambda arrays: {key: packed(x) for key, x in arrays.items()}
    numbers = [output, *by_params.values(), *by_inputs]
    assert all(np.isfinite(x).all() for x in numbers), name
    cases.append({
        "op": op, "name": name, "args": args or {}, "params": table(params), "statistics": table(statistics),
        "after": table(after or {}), "inputs": [packed(x) for x in inputs], "integers": [packed(x) for x in integers],
        "output": packed(output), "weights": packed(weights),
        "gradients": {**table(by_params), "inputs": [packed(x) for x in by_inputs]},
    })  # fmt: skip


def dense():
    for name, before, bias in [
        ("a vector", (), True), ("a matrix", (5,), True), ("a batch of sequences", (2, 3), True), ("without bias", (5,), False),
    ]:  # fmt: skip
        d = Draw(f"dense, {name}")
        params = {"weight": d(4, 3)} | ({"bias": d(4)} if bias else {})
        f = lambda p, s, k, x: x @ p["weight"].T + p.get("bias", 0.0)
        case("dense", name, f, params, [d(*before, 3)], {"inputs": 3, "outputs": 4, "bias": bias})


def activations():
    functions = {
        "relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "softplus": jax.nn.softplus, "silu": jax.nn.silu,
        "mish": jax.nn.mish, "selu": jax.nn.selu, "gelu": lambda x: jax.nn.gelu(x, approximate=False),
        "leaky": lambda x: jax.nn.leaky_relu(x, 0.2), "elu": lambda x: jax.nn.elu(x, 0.7),
    }  # fmt: skip
    for name, function in functions.items():
        x = Draw(f"activation, {name}")(3, 7, low=-6.0, high=6.0)
        case("activation", name, lambda p, s, k, x: function(x), {}, [x])


def convolutions():
    for name, spatial, kernel, channels, results, options in [
        ("of signals", (9,), (3,), 2, 4, dict(stride=[1], padding=[0], dilation=[1], groups=1)),
        ("of signals, in steps", (11,), (3,), 4, 6, dict(stride=[2], padding=[2], dilation=[2], groups=2)),
        ("of images", (5, 6), (3, 2), 2, 3, dict(stride=[1, 1], padding=[1, 0], dilation=[1, 1], groups=1)),
        ("of images, in groups", (6, 7), (2, 3), 4, 4, dict(stride=[2, 1], padding=[0, 2], dilation=[1, 2], groups=2)),
    ]:
        d, letters = Draw(f"convolution, {name}"), "HW"[: len(spatial)]
        params = {"weight": d(results, channels // options["groups"], *kernel), "bias": d(results)}

        def f(p, s, k, x):
            y = lax.conv_general_dilated(
                x, p["weight"], options["stride"], [(n, n) for n in options["padding"]], rhs_dilation=options["dilation"],
                feature_group_count=options["groups"], dimension_numbers=(f"NC{letters}", f"OI{letters}", f"NC{letters}"),
            )  # fmt: skip
            return y + p["bias"].reshape(-1, *[1] * len(spatial))

        args = {"channels": channels, "results": results, "kernel": list(kernel), **options}
        case("convolution", name, f, params, [d(2, channels, *spatial)], args)


def pools():
    for op in ["max_pool", "avg_pool"]:
        for name, spatial, kernel, stride, padding in [
            ("of signals", (8,), [3], [2], [1]), ("of images", (6, 7), [2, 3], [2, 3], [0, 1]),
        ]:  # fmt: skip
            d = Draw(f"{op}, {name}")

            def f(p, s, k, x):
                window, steps = (1, 1, *kernel), (1, 1, *stride)
                border = [(0, 0), (0, 0)] + [(n, n) for n in padding]
                if op == "max_pool":
                    return lax.reduce_window(x, -jnp.inf, lax.max, window, steps, border)
                return lax.reduce_window(x, 0.0, lax.add, window, steps, border) / np.prod(kernel)

            case(op, name, f, {}, [d(2, 3, *spatial)], {"kernel": kernel, "stride": stride, "padding": padding})


def embeddings():
    for name, indices in [("a list", np.array([3, 0, 3, 1])), ("a batch", np.array([[1, 2, 2], [4, 0, 1]]))]:
        f = lambda p, s, k: p["weight"][k[0]]
        case("embedding", name, f, {"weight": Draw(f"embedding, {name}")(5, 3)}, [], {"rows": 5, "width": 3}, integers=[indices])


def layer_norms():
    for name, shape, over, affine in [
        ("the last axis", (4, 5), [5], True), ("two axes", (3, 4, 5), [4, 5], True),
        ("a batch of sequences", (2, 3, 4), [4], True), ("without parameters", (3, 6), [6], False),
    ]:  # fmt: skip
        d, axes = Draw(f"layer_norm, {name}"), tuple(range(-len(over), 0))
        params = {"weight": d(*over), "bias": d(*over)} if affine else {}

        def f(p, s, k, x):
            y = (x - x.mean(axes, keepdims=True)) / jnp.sqrt(x.var(axes, keepdims=True) + 1e-5)
            return y * p["weight"] + p["bias"] if affine else y

        case("layer_norm", name, f, params, [d(*shape)], {"over": over, "affine": affine})


def batch_norms():
    for name, shape in [("rows", (6, 3)), ("signals", (4, 3, 5)), ("images", (2, 3, 4, 2))]:
        for train in [True, False]:
            d = Draw(f"batch_norm, {name}, {train}")
            axes, beside = tuple(a for a in range(len(shape)) if a != 1), (3, *[1] * (len(shape) - 2))
            params, x = {"weight": d(3), "bias": d(3)}, d(*shape)
            statistics = {"running_mean": d(3), "running_var": d(3, low=0.5, high=2.0)}

            def f(p, s, k, x):
                m = x.mean(axes) if train else s["running_mean"]
                v = x.var(axes) if train else s["running_var"]
                y = (x - m.reshape(beside)) / jnp.sqrt(v.reshape(beside) + 1e-5)
                return y * p["weight"].reshape(beside) + p["bias"].reshape(beside)

            # The variance of the batch is the biased one, that which is remembered the unbiased one.
            after = {
                "running_mean": 0.9 * statistics["running_mean"] + 0.1 * x.mean(axes),
                "running_var": 0.9 * statistics["running_var"] + 0.1 * x.var(axes, ddof=1),
            }
            name_of = f"{name}, {'training' if train else 'in use'}"
            case("batch_norm", name_of, f, params, [x], {"train": train}, statistics, after=after if train else statistics)


def cells():
    for op, gates in [("rnn", 1), ("gru", 3)]:
        d = Draw(op)
        params = {"weight_ih": d(4 * gates, 3), "weight_hh": d(4 * gates, 4), "bias_ih": d(4 * gates), "bias_hh": d(4 * gates)}

        def f(p, s, k, x, h):
            a, b = x @ p["weight_ih"].T + p["bias_ih"], h @ p["weight_hh"].T + p["bias_hh"]
            if op == "rnn":
                return jnp.tanh(a + b)
            (ar, az, an), (br, bz, bn) = jnp.split(a, 3, -1), jnp.split(b, 3, -1)
            r, z = jax.nn.sigmoid(ar + br), jax.nn.sigmoid(az + bz)
            return (1 - z) * jnp.tanh(an + r * bn) + z * h

        case(op, "a step", f, params, [d(5, 3), d(5, 4)], {"inputs": 3, "width": 4})


def losses():
    d = Draw("losses")
    y, t, z, labels = d(4, 3), d(4, 3), d(4, 3), np.array([2, 0, 1, 1])
    shares, signs = np.asarray(jax.nn.softmax(d(4, 3), -1)), np.sign(d(4, 3))
    logs, share = np.asarray(jax.nn.log_softmax(z, -1)), d(4, 3, low=0.0, high=1.0)
    own = lambda l, k: -l[np.arange(4), k[0]]
    huber = lambda e, b: jnp.where(jnp.abs(e) <= b, 0.5 * e * e, b * (jnp.abs(e) - 0.5 * b))
    for name, f, inputs, integers in [
        ("squared_errors", lambda p, s, k, y, t: (y - t) ** 2, [y, t], []),
        ("absolute_errors", lambda p, s, k, y, t: jnp.abs(y - t), [y, t], []),
        ("hubers", lambda p, s, k, y, t: huber(y - t, 0.8), [y, t], []),
        ("cross_entropies", lambda p, s, k, z: own(jax.nn.log_softmax(z, -1), k), [z], [labels]),
        ("nlls", lambda p, s, k, l: own(l, k), [logs], [labels]),
        ("binary_cross_entropies",
         lambda p, s, k, z, t: -t * jax.nn.log_sigmoid(z) - (1 - t) * jax.nn.log_sigmoid(-z), [4 * z, share], []),
        ("kl_divergences", lambda p, s, k, l, q: q * (jnp.log(q) - l), [logs, shares], []),
        ("hinges", lambda p, s, k, y, t: jnp.maximum(0, 1 - t * y), [y, signs], []),
    ]:  # fmt: skip
        case(name, "each", f, {}, inputs, integers=integers)


for group in [dense, activations, convolutions, pools, embeddings, layer_norms, batch_norms, cells, losses]:
    group()
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nn.json")
with open(path, "w") as file:
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    file.write('{"cases": [\n' + lines + "\n]}\n")
print(len(cases), "cases")
