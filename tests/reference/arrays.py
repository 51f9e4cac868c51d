"""Writes arrays.json beside it: values and derivatives of operations on arrays, by JAX in float64: python arrays.py

`python arrays.py --check` writes nothing, but compares values with the same formula in NumPy and SciPy, derivatives with
differences of that, and products with Hessians with differences of JAX's gradients; operations may be named behind it.
Another number of cases, or another order of them, leaves the numbers of each as they are. A case is

    op, name     the operation, and what is particular about the case: no two have the same name
    args         its parameters: axes, indices, labels; see below
    inputs       the arrays it is differentiated by, as {"shape": [...], "data": [row-major]}
    outputs      what it computes of them
    weights      one array for each output: L = Σ weights · outputs
    gradients    of L by each input
    tangents     a direction in the space of the inputs
    jvp          the derivative of the outputs along the tangents
    hvp          the derivative of the gradients along the tangents; null where JAX has none

Inputs, weights and tangents are decimals of three places, from a generator seeded by the name of the case, and away from
ties and kinks. No number is infinite or NaN. The arguments are NumPy's:

    axis         null (all), a number or a list; negative numbers count from the end
    indices      integers as {"shape": [...], "data": [...]}
    slices       [start, stop, step] for each axis as in Python, null where it is left out; `picked` has the same positions
                 written out
    then         "cube": the output is the cube of the elements, so that there is a second derivative
    symmetrize   true: the operation is of (A + Aᵀ)/2, so that the gradient is symmetric
    signs        "diagonal of R": the diagonal of R is positive;  "largest of column": in each column of U (or of the
                 eigenvectors) the entry of largest magnitude is positive, and Vᵀ has its rows multiplied accordingly
    stride, padding, dilation, groups, kernel
                 PyTorch's, a number for each spatial axis: arrays are N C H W, weights O I/groups H W, convolutions do not
                 turn the kernel, `padding` is on both sides, an average counts the padding as elements
"""
import json, math, os, sys, zlib

os.environ.setdefault("JAX_PLATFORMS", "cpu")
import jax
import jax.numpy as jnp
import numpy as np
import scipy.linalg
import scipy.special

jax.config.update("jax_enable_x64", True)

CHECK = sys.argv[1:2] == ["--check"]
ONLY = sys.argv[2:] if CHECK else []
cases, names, worst = [], set(), {}


class Draw:
    """Numbers of three places, from a seed that is the name."""

    def __init__(self, name):
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))

    def between(self, shape, low=-2.0, high=2.0):
        return np.round(self.rng.uniform(low, high, shape), 3) + 0.0

    def apart(self, shape, low=-2.0, high=2.0):
        """No two closer than 0.4 of the mean distance."""
        n = math.prod(shape)
        grid = np.linspace(low, high, n) if n > 1 else np.array([(low + high) / 2 + 0.3])
        gap = (high - low) / max(n - 1, 1)
        return np.round(self.rng.permutation(grid + self.rng.uniform(-0.3, 0.3, n) * gap), 3).reshape(shape) + 0.0

    def away(self, shape, *kinks, low=-2.0, high=2.0):
        """No number closer than 0.05 to a kink."""
        x = self.between(shape, low, high)
        while (close := np.any([abs(x - k) < 0.05 for k in kinks], axis=0)).any():
            x = np.where(close, self.between(shape, low, high), x)
        return x

    def matrix(self, n, size=1.0):
        """Well-conditioned: a multiple of the identity and something small."""
        return np.round(self.between((n, n), -1, 1) * size + np.eye(n) * (0.6 + 0.5 * n), 3)

    def definite(self, n):
        a = self.between((n, n), -1, 1)
        return np.round(a @ a.T / 2 + np.diag(np.arange(1, n + 1) * 0.7), 3)


# --- computation and check
def derive(c):
    def loss(*x):
        return sum((w * y).sum() for w, y in zip(c["weights"], c["f"](*x)))
    gradient = jax.grad(loss, argnums=tuple(range(len(c["inputs"]))))
    def first(x, t):
        return jax.jvp(c["f"], x, t) + (gradient(*x),)
    x, t = tuple(map(jnp.asarray, c["inputs"])), tuple(map(jnp.asarray, c["tangents"]))
    c["outputs"], c["jvp"], c["gradients"] = jax.jit(first)(x, t)
    c["gradient"] = jax.jit(gradient)
    try:
        c["hvp"] = jax.jit(lambda x, t: jax.jvp(gradient, x, t)[1])(x, t)
    except NotImplementedError as e:
        print(f"{c['name']}: {e}", file=sys.stderr)
        c["hvp"] = None
    for key in ("outputs", "jvp", "gradients", "hvp"):
        if c[key] is not None:
            c[key] = [np.asarray(a) for a in c[key]]
            assert all(np.isfinite(a).all() and a.dtype == np.float64 for a in c[key]), (c["name"], key)
    assert [a.shape for a in c["gradients"]] == [a.shape for a in c["inputs"]], c["name"]


def array(a):
    return {"shape": list(a.shape), "data": [float(v) for v in (a + 0.0).ravel()]}


def off(a, b):
    """The largest difference, relative to the largest number."""
    a, b = np.asarray(a), np.asarray(b)
    assert a.shape == b.shape, (a.shape, b.shape)
    return float(np.max(abs(a - b), initial=0.0) / max(1.0, np.max(abs(a), initial=0.0)))


def slope(f, h=3e-4):
    """Of a list of arrays at 0, of sixth order."""
    parts = [[np.asarray(y) for y in f(k * h)] for k in (1, -1, 2, -2, 3, -3)]
    return [(45 * (a - b) - 9 * (c - d) + (e - g)) / (60 * h) for a, b, c, d, e, g in zip(*parts)]


def check(c):
    x, t = c["inputs"], c["tangents"]
    if c["formula"]:
        def values(*x):
            y = c["formula"](*x)
            return [np.asarray(v) for v in (y if isinstance(y, (tuple, list)) else (y,))]
    else:
        values = c["f"]
    loss = lambda *x: sum((w * y).sum() for w, y in zip(c["weights"], values(*x)))
    along = lambda s: [a + s * d for a, d in zip(x, t)]
    found = {"value": max(off(a, b) for a, b in zip(c["outputs"], values(*x)))}
    found["jvp"] = max(off(a, b) for a, b in zip(c["jvp"], slope(lambda s: values(*along(s)))))
    found["gradient"] = 0.0
    for i, a in enumerate(x):
        by_hand = np.zeros_like(a)
        for at in np.ndindex(a.shape):
            def moved(s):
                y = np.array(a)
                y[at] += s
                return [loss(*x[:i], y, *x[i + 1:])]
            by_hand[at] = slope(moved)[0]
        found["gradient"] = max(found["gradient"], off(c["gradients"][i], by_hand))
    if c["hvp"] is not None:
        found["hvp"] = max(off(a, b) for a, b in zip(c["hvp"], slope(lambda s: c["gradient"](*map(jnp.asarray, along(s))))))
    for what, error in found.items():
        worst[what] = max(worst.get(what, (0.0, "")), (error, c["name"]))
        if not error < (1e-13 if what == "value" else 1e-9):
            print(f"{c['name']}: {what} is off by {error:.1e}")


def case(op, what, args, f, inputs, formula=None, symmetric=()):
    """`inputs` is a function of a Draw; those in `symmetric` have symmetric tangents; `formula` is f in NumPy."""
    name = f"{op} {what}".strip()
    assert name not in names, name
    names.add(name)
    if ONLY and op not in ONLY:
        return
    draw = Draw(name)
    x = [np.array(np.round(np.asarray(a, dtype=np.float64), 3) + 0.0) for a in inputs(draw)]
    many = lambda *x: (lambda y: tuple(y) if isinstance(y, (tuple, list)) else (y,))(f(*x))
    shapes = jax.eval_shape(many, *x)
    weights = [draw.between(s.shape, -1, 1) for s in shapes]
    tangents = [draw.between(a.shape, -1, 1) for a in x]
    for i in symmetric:
        tangents[i] = np.tril(tangents[i]) + np.tril(tangents[i], -1).T
    c = dict(op=op, name=name, args=args, f=many, inputs=x, weights=weights, tangents=tangents, formula=formula)
    # At once, as the functions refer to the variables of loops.
    derive(c)
    if CHECK:
        check(c)
    cases.append(c)


def listed(shape):
    return "[" + ",".join(map(str, shape)) + "]"


def integers(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "data": a.ravel().tolist()}


# --- elementwise, of two with broadcasting
PAIRS = [((), ()), ((3,), (3,)), ((2, 3), (3,)), ((), (4,)), ((2, 1), (1, 3)), ((2, 1, 2), (3, 1)), ((1, 2, 1, 2), (2, 1, 3, 1))]
for op, f, formula in [("add", jnp.add, np.add), ("sub", jnp.subtract, np.subtract), ("mul", jnp.multiply, np.multiply),
                       ("div", jnp.divide, np.divide), ("powf", jnp.power, np.power), ("maximum", jnp.maximum, np.maximum),
                       ("minimum", jnp.minimum, np.minimum), ("atan2", jnp.arctan2, np.arctan2),
                       ("hypot", jnp.hypot, np.hypot)]:
    # Linear ones are the same everywhere; the large broadcasts are for two of them.
    for a, b in PAIRS if op in ("mul", "div") else PAIRS[1:6]:
        def inputs(draw):
            if op in ("maximum", "minimum"):
                x, y = draw.between(a), draw.between(b)
                while (abs(np.subtract(x, y)) < 0.05).any():
                    x, y = draw.between(a), draw.between(b)
                return x, y
            if op == "powf":
                return draw.between(a, 0.3, 2.5), draw.between(b)
            low = {"div": (-2, 0), "atan2": (0, 0), "hypot": (0, 0)}.get(op)
            return (draw.away(a, 0, 0.1, -0.1), draw.away(b, 0, 0.1, -0.1, 0.2, -0.2)) if low else (draw.between(a), draw.between(b))
        case(op, f"{listed(a)} {listed(b)}", {}, f, inputs, formula)

# --- elementwise, of one
UNARY = [("exp", jnp.exp, np.exp, (-2, 2)), ("ln", jnp.log, np.log, (0.2, 4)), ("tanh", jnp.tanh, np.tanh, (-2, 2)),
         ("sqrt", jnp.sqrt, np.sqrt, (0.2, 4)), ("sin", jnp.sin, np.sin, (-4, 4)),
         ("sigmoid", jax.nn.sigmoid, scipy.special.expit, (-4, 4)),
         ("softplus", jax.nn.softplus, lambda x: np.logaddexp(x, 0), (-4, 4)), ("abs", jnp.abs, np.abs, (-2, 2)),
         ("relu", jax.nn.relu, lambda x: np.maximum(x, 0), (-2, 2)), ("erf", jax.scipy.special.erf, scipy.special.erf, (-2, 2))]
for op, f, formula, (low, high) in UNARY:
    for shape in [(), (5,), (2, 1, 3)]:
        case(op, listed(shape), {}, f, lambda draw: [draw.away(shape, 0, low=low, high=high)], formula)
for shape, low, high in [((), -1.0, 1.0), ((7,), -1.0, 0.5), ((2, 4), -0.25, 1.25)]:
    case("clip", listed(shape), {"lo": low, "hi": high}, lambda x: jnp.clip(x, low, high),
         lambda draw: [draw.away(shape, low, high)], lambda x: np.clip(x, low, high))
for c, a, b in [((4,), (4,), (4,)), ((2, 3), (2, 3), (3,)), ((2, 1), (3,), (2, 3)), ((3,), (2, 1), ()), ((), (2, 2), (2,)),
                ((2, 1, 3), (2, 1), (1, 1, 3))]:
    cond = Draw(f"{c}{a}{b}").rng.integers(0, 2, c)
    case("where_", f"{listed(c)} {listed(a)} {listed(b)}", {"cond": integers(cond)}, lambda a, b: jnp.where(cond != 0, a, b),
         lambda draw: [draw.between(a), draw.between(b)], lambda a, b: np.where(cond != 0, a, b))

# --- reductions
REDUCTIONS = [((), None, False), ((5,), 0, False), ((3, 4), None, True), ((3, 4), 0, True), ((2, 3, 2), 1, False),
              ((2, 3, 2), -1, True), ((2, 3, 2), (0, 2), False), ((2, 2, 1, 3), (1, -1), True), ((3, 1), 1, False)]
def ways(*picked):
    return [REDUCTIONS[i] for i in picked]
def reduction(op, f, formula, which, inputs=lambda draw, shape: draw.between(shape), note="", args={}):
    for shape, axis, keepdims in which:
        text = "all" if axis is None else f"axis {axis}" if isinstance(axis, int) else "axes " + ",".join(map(str, axis))
        case(op, f"{text} of {listed(shape)}{' keepdims' if keepdims else ''}{note}",
             {"axis": list(axis) if isinstance(axis, tuple) else axis, "keepdims": keepdims} | args,
             lambda x: f(x, axis=axis, keepdims=keepdims), lambda draw: [inputs(draw, shape)],
             lambda x: formula(x, axis=axis, keepdims=keepdims))
distinct = lambda draw, shape: draw.apart(shape)
reduction("sum", jnp.sum, np.sum, REDUCTIONS)
reduction("mean", jnp.mean, np.mean, REDUCTIONS)
reduction("prod", jnp.prod, np.prod, REDUCTIONS, lambda draw, shape: draw.away(shape, 0))
reduction("max", jnp.max, np.max, ways(0, 1, 2, 4, 5, 6, 7), distinct)
reduction("min", jnp.min, np.min, ways(1, 3, 4, 6, 8), distinct)
for ddof in (0, 1):
    of = lambda f: lambda x, axis, keepdims: f(x, axis=axis, keepdims=keepdims, ddof=ddof)
    reduction("var", of(jnp.var), of(np.var), ways(1, 2, 4, 5, 6, 7), note=f" ddof {ddof}", args={"ddof": ddof})
    reduction("std", of(jnp.std), of(np.std), ways(1, 3, 4, 6), note=f" ddof {ddof}", args={"ddof": ddof})
def norm(np):
    return lambda x, axis, keepdims: np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))
reduction("norm", norm(jnp), norm(np), ways(1, 2, 4, 5, 6, 7), lambda draw, shape: draw.away(shape, 0))
reduction("logsumexp", jax.scipy.special.logsumexp, scipy.special.logsumexp, REDUCTIONS)
for what, shape, axis, zeros in [("one zero", (4,), None, [1]), ("two zeros", (4,), None, [0, 2]), ("three zeros", (4,), None, [0, 1, 3]),
                                 ("zeros in some rows", (3, 3), 1, [1, 6, 8])]:
    def inputs(draw):
        x = draw.away(shape, 0)
        x.flat[zeros] = 0.0
        return [x]
    case("prod", what, {"axis": axis, "keepdims": False}, lambda x: jnp.prod(x, axis=axis), inputs, lambda x: np.prod(x, axis=axis))
for shape, axis in [((5,), 0), ((2, 3), None), ((2, 3), 0), ((2, 3, 2), 1), ((2, 3, 2), -1), ((1, 3), 0)]:
    case("cumsum", f"axis {axis} of {listed(shape)}", {"axis": axis}, lambda x: jnp.cumsum(x, axis=axis),
         lambda draw: [draw.between(shape)], lambda x: np.cumsum(x, axis=axis))
for shape, axis in [((4,), 0), ((2, 3), 0), ((2, 3), -1), ((2, 3, 2), 1), ((3, 1), 1)]:
    for op, f, formula in [("softmax", jax.nn.softmax, scipy.special.softmax), ("log_softmax", jax.nn.log_softmax, scipy.special.log_softmax)]:
        case(op, f"axis {axis} of {listed(shape)}", {"axis": axis}, lambda x: f(x, axis=axis), lambda draw: [draw.between(shape)],
             lambda x: formula(x, axis=axis))

# --- arrangement: of the cubes, so that there is a second derivative
CUBE = {"then": "cube"}
def arrangement(op, what, args, f, shapes):
    """`f` is of NumPy's or JAX's module and a list of arrays."""
    def of(np):
        def g(*x):
            y = f(np, x)
            return tuple(y**3 for y in y) if isinstance(y, (tuple, list)) else y**3
        return g
    case(op, what, args | CUBE, of(jnp), lambda draw: [draw.between(s) for s in shapes], of(np))
for shapes, axis in [([(2,), (3,)], 0), ([(2, 2), (1, 2), (2, 2)], 0), ([(2, 1), (2, 3)], -1), ([(2, 1, 2), (2, 2, 2)], 1)]:
    arrangement("concat", f"axis {axis} of {' '.join(map(listed, shapes))}", {"axis": axis}, lambda np, x: np.concatenate(x, axis=axis), shapes)
for count, shape, axis in [(3, (), 0), (2, (3,), 0), (3, (2,), 1), (2, (2, 3), -1), (2, (2, 3), 1)]:
    arrangement("stack", f"axis {axis} of {count} × {listed(shape)}", {"axis": axis}, lambda np, x: np.stack(x, axis=axis), [shape] * count)
for shape, axis, at in [((5,), 0, [2]), ((2, 4), 1, [1, 3]), ((4, 2), 0, [2]), ((2, 3, 2), -2, [1])]:
    arrangement("split", f"axis {axis} of {listed(shape)} at {at}", {"axis": axis, "at": at}, lambda np, x: tuple(np.split(x[0], at, axis=axis)), [shape])
for shape, pads in [((3,), [[1, 2]]), ((2, 2), [[1, 0], [0, 2]]), ((1, 2, 2), [[0, 1], [0, 0], [1, 1]])]:
    arrangement("pad", f"{listed(shape)} by {pads}", {"pads": pads, "value": 0.0}, lambda np, x: np.pad(x[0], pads), [shape])
for shape, axis, indices in [((4,), 0, [3, 0, 3, 1]), ((4,), 0, 2), ((3, 2), 0, [[0, 2], [1, 0]]), ((2, 3), 1, [2, 2, 0, 1]),
                             ((2, 3, 2), -2, [1, 1]), ((3, 2, 2), 0, [2]), ((2, 1, 3), 2, [[1], [1]])]:
    arrangement("take", f"axis {axis} of {listed(shape)} at {indices}", {"axis": axis, "indices": integers(indices)},
                lambda np, x: np.take(x[0], np.asarray(indices), axis=axis), [shape])
for shape, axis, indices in [((4,), 0, [1, 1, 3]), ((2, 3), 1, [[2], [0]]), ((3, 2), 0, [[2, 0], [2, 1], [0, 0], [1, 1]]),
                             ((2, 2, 3), -1, [[[0, 0], [2, 1]], [[1, 2], [0, 2]]])]:
    arrangement("take_along_axis", f"axis {axis} of {listed(shape)} at {indices}", {"axis": axis, "indices": integers(indices)},
                lambda np, x: np.take_along_axis(x[0], np.asarray(indices), axis=axis), [shape])
def scattered(x, updates, axis, indices):
    y = np.moveaxis(np.array(x), axis, 0)
    np.add.at(y, indices, np.moveaxis(updates, axis, 0))
    return np.moveaxis(y, 0, axis) ** 3
for shape, axis, indices in [((4,), 0, [3, 0, 3]), ((3, 2), 0, [1, 1, 2, 1]), ((2, 4), 1, [3, 0]), ((2, 3, 2), -2, [2, 2])]:
    of = list(shape)
    of[axis] = len(indices)
    at = (slice(None),) * (axis % len(shape)) + (np.array(indices),)
    case("scatter_add", f"axis {axis} of {listed(shape)} at {indices}", {"axis": axis, "indices": integers(indices)} | CUBE,
         lambda x, updates: x.at[at].add(updates) ** 3, lambda draw: [draw.between(shape), draw.between(of)],
         lambda x, updates: scattered(x, updates, axis, indices))
for shape, to in [((6,), (2, 3)), ((2, 3), (3, 2)), ((2, 2, 3), (4, 3)), ((1,), ()), ((2, 2), (2, 1, 2, 1))]:
    arrangement("reshape", f"{listed(shape)} to {listed(to)}", {"shape": list(to)}, lambda np, x: np.reshape(x[0], to), [shape])
for shape, axes in [((2, 3), (1, 0)), ((2, 1, 3), (2, 0, 1)), ((2, 3, 2), (0, 2, 1)), ((2, 1, 2, 3), (3, 1, 0, 2)), ((3,), (0,))]:
    arrangement("permute", f"{listed(shape)} by {listed(axes)}", {"axes": list(axes)}, lambda np, x: np.transpose(x[0], axes), [shape])
for shape, slices in [((6,), [[None, None, -1]]), ((7,), [[5, 0, -2]]), ((3, 4), [[1, None, 1], [None, None, -2]]), ((5,), [[1, 4, 1]]),
                      ((2, 3, 4), [[None, None, -1], [0, 3, 2], [3, 1, -1]])]:
    view = tuple(slice(*s) for s in slices)
    picked = [list(range(*s.indices(n))) for s, n in zip(view, shape)]
    arrangement("slice", f"{listed(shape)} at {slices}".replace("None", "null"), {"slices": slices, "picked": picked}, lambda np, x: x[0][view], [shape])
for shape, to in [((), (3,)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((1, 2, 1), (2, 2, 3)), ((1, 1), (1, 2))]:
    arrangement("broadcast_to", f"{listed(shape)} to {listed(to)}", {"shape": list(to)}, lambda np, x: np.broadcast_to(x[0], to), [shape])
for shape, offset in [((3, 3), 0), ((2, 4), 0), ((4, 2), 0), ((3, 3), 1), ((3, 3), -1)]:
    arrangement("diag", f"{listed(shape)} offset {offset}", {"offset": offset}, lambda np, x: np.diagonal(x[0], offset=offset), [shape])
for shape, axis, index in [((4,), 0, 2), ((3, 2), 0, 1), ((3, 2), -1, 0), ((2, 3, 2), 1, 2)]:
    arrangement("index_axis", f"{listed(shape)} axis {axis} at {index}", {"axis": axis, "index": index}, lambda np, x: np.take(x[0], index, axis=axis), [shape])

# --- products
def product(op, what, args, f, shapes, formula):
    case(op, what, args, f, lambda draw: [draw.between(s) for s in shapes], formula)
for a, b in [((3,), (4,)), ((1,), (3,))]:
    product("outer", f"{listed(a)} {listed(b)}", {}, jnp.outer, [a, b], np.outer)
for n in (1, 5):
    product("dot", f"[{n}] [{n}]", {}, jnp.dot, [(n,), (n,)], np.dot)
for a, b in [((2, 3), (3, 4)), ((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((1, 3), (3, 1)), ((2, 1), (1, 3)), ((2, 2, 3), (2, 3, 2)),
             ((2, 2, 3), (3, 2)), ((2, 3), (2, 3, 2)), ((2, 1, 2, 3), (3, 3, 1)), ((1, 2, 2), (3, 2, 2)), ((2, 2, 3), (3,)),
             ((3,), (2, 3, 2)), ((2, 3, 1, 2), (2, 1, 2, 2))]:
    product("matmul", f"{listed(a)} {listed(b)}", {}, jnp.matmul, [a, b], np.matmul)
for equation, a, b in [("ij,jk->ik", (2, 3), (3, 4)), ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)), ("i,i->", (4,), (4,)), ("ij,ij->ij", (2, 3), (2, 3)),
                       ("ij,kj->ik", (2, 3), (4, 3)), ("ijk,kl->ijl", (2, 2, 3), (3, 2)), ("bhqd,bhkd->bhqk", (1, 2, 2, 3), (1, 2, 3, 3)),
                       ("ij,j->", (2, 3), (3,)), ("i,j->ij", (2,), (3,)), ("ijk,jil->kl", (2, 3, 2), (3, 2, 2)), ("ii,i->i", (3, 3), (3,)),
                       ("ab,cd->abcd", (2, 2), (2, 2)), ("ij,jk->", (2, 3), (3, 2)), ("ij,k->k", (2, 2), (3,)), ("bi,bj->ij", (3, 2), (3, 2)),
                       ("ijk,k->ji", (2, 3, 2), (2,)), ("ij,->ji", (2, 3), ()), ("iij,jk->ik", (2, 2, 3), (3, 2)), ("ij,ji->i", (2, 3), (3, 2))]:
    product("einsum", f"{equation} {listed(a)} {listed(b)}", {"equation": equation}, lambda a, b: jnp.einsum(equation, a, b), [a, b],
            lambda a, b: np.einsum(equation, a, b))

# --- convolutions and pooling
def windows(np, x, kernel, stride, padding, dilation, fill):
    """Axes 0, 1, then the positions, then the places in the window."""
    n = len(kernel)
    x = np.pad(x, [(0, 0), (0, 0)] + [(p, p) for p in padding], constant_values=fill)
    for d in range(n):
        length = (x.shape[2 + d] - dilation[d] * (kernel[d] - 1) - 1) // stride[d] + 1
        at = [[stride[d] * i + dilation[d] * k for k in range(kernel[d])] for i in range(length)]
        x = np.moveaxis(np.take(x, np.asarray(at), axis=2 + d), 3 + d, -1)
    return x
def convolved(x, w, stride, padding, dilation, groups):
    """By loops over groups and sums over windows."""
    n = w.ndim - 2
    ins, outs = w.shape[1], w.shape[0] // groups
    parts = []
    for g in range(groups):
        v = windows(np, x[:, g * ins:(g + 1) * ins], w.shape[2:], stride, padding, dilation, 0.0)
        parts.append(np.tensordot(v, w[g * outs:(g + 1) * outs], axes=([1] + list(range(2 + n, 2 + 2 * n)), list(range(1, 2 + n)))))
    return np.moveaxis(np.concatenate(parts, axis=-1), -1, 1)
def convolution(x, w, stride, padding, dilation, groups):
    letters = "HW"[:w.ndim - 2]
    return jax.lax.conv_general_dilated(x, w, stride, [(p, p) for p in padding], rhs_dilation=dilation, feature_group_count=groups,
                                        dimension_numbers=("NC" + letters, "OI" + letters, "NC" + letters), precision="highest")
for x, w, stride, padding, dilation, groups in [
        ((1, 1, 5), (1, 1, 3), 1, 0, 1, 1), ((2, 2, 5), (3, 2, 2), 1, 1, 1, 1), ((1, 2, 7), (2, 2, 3), 2, 1, 1, 1), ((1, 1, 7), (2, 1, 3), 1, 2, 2, 1),
        ((1, 4, 4), (4, 2, 2), 1, 0, 1, 2), ((1, 2, 8), (4, 1, 3), 3, 1, 2, 2), ((2, 1, 3), (2, 1, 1), 2, 0, 1, 1)]:
    args = {"stride": [stride], "padding": [padding], "dilation": [dilation], "groups": groups}
    product("conv1d", f"{listed(x)} {listed(w)} stride {stride} padding {padding} dilation {dilation} groups {groups}", args,
            lambda x, w: convolution(x, w, **args), [x, w], lambda x, w: convolved(x, w, **args))
for x, w, stride, padding, dilation, groups in [
        ((1, 1, 4, 4), (1, 1, 2, 2), (1, 1), (0, 0), (1, 1), 1), ((1, 2, 3, 4), (2, 2, 2, 3), (1, 1), (1, 1), (1, 1), 1),
        ((2, 1, 5, 4), (2, 1, 3, 2), (2, 1), (1, 0), (1, 1), 1), ((1, 1, 5, 5), (1, 1, 2, 3), (1, 2), (0, 2), (2, 1), 1),
        ((1, 2, 3, 3), (4, 1, 2, 2), (1, 1), (0, 1), (1, 1), 2), ((1, 3, 3, 3), (3, 1, 2, 2), (2, 2), (1, 1), (1, 1), 3),
        ((2, 2, 2, 2), (3, 2, 1, 1), (1, 1), (0, 0), (1, 1), 1), ((1, 4, 4, 3), (2, 2, 2, 2), (2, 1), (1, 1), (2, 2), 2)]:
    args = {"stride": list(stride), "padding": list(padding), "dilation": list(dilation), "groups": groups}
    product("conv2d", f"{listed(x)} {listed(w)} stride {listed(stride)} padding {listed(padding)} dilation {listed(dilation)} groups {groups}", args,
            lambda x, w: convolution(x, w, **args), [x, w], lambda x, w: convolved(x, w, **args))
def pooled(x, kernel, stride, padding, largest):
    """By JAX's reduction of windows, whose second derivatives are not defined for the largest."""
    n = len(kernel)
    sizes, steps, pads = (1, 1, *kernel), (1, 1, *stride), [(0, 0), (0, 0)] + [(p, p) for p in padding]
    y = jax.lax.reduce_window(x, -jnp.inf if largest else 0.0, jax.lax.max if largest else jax.lax.add, sizes, steps, pads)
    return np.asarray(y if largest else y / math.prod(kernel))
for shape, kernel, stride, padding in [((1, 2, 6), 2, 2, 0), ((2, 1, 5), 3, 1, 1), ((1, 1, 7), 3, 2, 1), ((1, 1, 5), 2, 3, 0),
                                       ((1, 2, 4, 4), (2, 2), (2, 2), (0, 0)), ((1, 1, 4, 5), (3, 2), (1, 2), (1, 1)),
                                       ((2, 1, 3, 4), (2, 3), (1, 1), (0, 1)), ((1, 1, 5, 5), (3, 3), (2, 2), (1, 1))]:
    spatial = len(shape) - 2
    kernel, stride, padding = ([v] if spatial == 1 else list(v) for v in (kernel, stride, padding))
    args = {"kernel": kernel, "stride": stride, "padding": padding}
    for largest in (True, False):
        def pool(x):
            v = windows(jnp, x, kernel, stride, padding, [1] * spatial, -jnp.inf if largest else 0.0)
            over = tuple(range(2 + spatial, 2 + 2 * spatial))
            return v.max(axis=over) if largest else v.mean(axis=over)
        case(f"{'max' if largest else 'avg'}_pool{spatial}d", f"{listed(shape)} kernel {listed(kernel)} stride {listed(stride)} padding {listed(padding)}",
             args, pool, lambda draw: [draw.apart(shape)], lambda x: pooled(x, **args, largest=largest))

# --- linear algebra
def symmetrical(a):
    return (a + a.T) / 2
for n, columns in [(3, ()), (3, (2,)), (1, ()), (4, (1,))]:
    case("solve", f"[{n},{n}] {listed((n,) + columns)}", {}, jnp.linalg.solve, lambda draw: [draw.matrix(n), draw.between((n,) + columns)], np.linalg.solve)
for lower in (True, False):
    for trans in (False, True):
        for columns, unit in [((), False), ((2,), False), ((), True)]:
            if unit and trans != lower:
                continue
            case("solve_triangular", f"{'lower' if lower else 'upper'}{' transposed' if trans else ''}{' unit diagonal' if unit else ''} {listed((3,) + columns)}",
                 {"lower": lower, "trans": trans, "unit_diagonal": unit},
                 lambda a, b: jax.scipy.linalg.solve_triangular(a, b, lower=lower, trans=int(trans), unit_diagonal=unit),
                 lambda draw: [draw.matrix(3), draw.between((3,) + columns)],
                 lambda a, b: scipy.linalg.solve_triangular(a, b, lower=lower, trans=int(trans), unit_diagonal=unit))
SYMMETRIZE = {"symmetrize": True}
for n in (1, 3, 4):
    case("cholesky", f"[{n},{n}]", SYMMETRIZE, lambda a: jnp.linalg.cholesky(symmetrical(a)), lambda draw: [draw.definite(n)],
         lambda a: np.linalg.cholesky(symmetrical(a)), symmetric=[0])
case("cholesky", "not symmetric", SYMMETRIZE, lambda a: jnp.linalg.cholesky(symmetrical(a)), lambda draw: [draw.matrix(3)],
     lambda a: np.linalg.cholesky(symmetrical(a)))
for n in (1, 2, 4):
    case("log_det", f"[{n},{n}]", {}, lambda a: jnp.linalg.slogdet(a)[1], lambda draw: [draw.matrix(n)], lambda a: np.linalg.slogdet(a)[1])
case("log_det", "negative determinant", {}, lambda a: jnp.linalg.slogdet(a)[1], lambda draw: [draw.matrix(3) * [[1], [-1], [1]]],
     lambda a: np.linalg.slogdet(a)[1])
for n in (1, 2, 3):
    case("inverse", f"[{n},{n}]", {}, jnp.linalg.inv, lambda draw: [draw.matrix(n)], np.linalg.inv)
def qr(np):
    def f(a):
        q, r = np.linalg.qr(a)
        s = np.sign(np.diagonal(r))
        return q * s, r * s[:, None]
    return f
for shape in [(4, 2), (3, 3), (3, 1), (5, 3)]:
    case("qr", listed(shape), {"mode": "reduced", "signs": "diagonal of R"}, qr(jnp), lambda draw: [draw.between(shape)], qr(np))
def column_signs(np, u):
    return np.sign(np.take_along_axis(u, np.argmax(abs(u), axis=0)[None], axis=0))[0]
def svd(np):
    def f(a):
        u, s, vt = np.linalg.svd(a, full_matrices=False)
        signs = column_signs(np, u)
        return u * signs, s, vt * signs[:, None]
    return f
for shape in [(3, 3), (4, 2), (2, 3)]:
    case("svd", f"values of {listed(shape)}", {"compute_uv": False}, lambda a: svd(jnp)(a)[1], lambda draw: [draw.between(shape)],
         lambda a: np.linalg.svd(a, compute_uv=False))
    case("svd", listed(shape), {"compute_uv": True, "full_matrices": False, "signs": "largest of column"}, svd(jnp), lambda draw: [draw.between(shape)], svd(np))
def eigh(np):
    def f(a):
        w, v = np.linalg.eigh(symmetrical(a))
        return w, v * column_signs(np, v)
    return f
for n, symmetric in [(2, True), (3, True), (4, True), (3, False)]:
    what = f"[{n},{n}]" if symmetric else "not symmetric"
    inputs = lambda draw: [draw.definite(n) if symmetric else draw.matrix(n) + np.diag([0, 0.5, 1.5])]
    case("eigh", f"values of {what}", {"eigenvectors": False} | SYMMETRIZE, lambda a: eigh(jnp)(a)[0], inputs, lambda a: np.linalg.eigvalsh(symmetrical(a)),
         symmetric=[0] if symmetric else [])
    case("eigh", what, {"eigenvectors": True, "signs": "largest of column"} | SYMMETRIZE, eigh(jnp), inputs, eigh(np), symmetric=[0] if symmetric else [])
for shape, columns in [((4, 2), ()), ((5, 3), ()), ((4, 2), (2,)), ((3, 3), ())]:
    case("least_squares", f"{listed(shape)} {listed(shape[:1] + columns)}", {"how": "solve(A^T A, A^T b)"}, lambda a, b: jnp.linalg.solve(a.T @ a, a.T @ b),
         lambda draw: [draw.between(shape) + np.eye(*shape) * 2, draw.between(shape[:1] + columns)], lambda a, b: np.linalg.lstsq(a, b)[0])
for n, size in [(1, 1.0), (2, 1.0), (3, 0.5), (3, 2.0)]:
    case("expm", f"[{n},{n}] within {size}", {}, jax.scipy.linalg.expm, lambda draw: [draw.between((n, n), -size, size)], scipy.linalg.expm)

# --- composites
for shape, labels in [((1, 3), [2]), ((4, 3), [0, 2, 1, 2])]:
    pick = lambda f: lambda x: -f(x, axis=-1)[np.arange(len(labels)), np.array(labels)].mean()
    case("cross_entropy", listed(shape), {"labels": labels, "formula": "-mean_i log_softmax(x_i)[labels_i]"}, pick(jax.nn.log_softmax),
         lambda draw: [draw.between(shape)], pick(scipy.special.log_softmax))
def layer_norm(np):
    return lambda x, gain, bias: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * gain + bias
for shape in [(2, 4), (2, 2, 3)]:
    case("layer_norm", listed(shape), {"inputs": ["x", "gain", "bias"], "epsilon": 1e-5, "formula": "(x - mean)/sqrt(var + epsilon) * gain + bias, along the last axis, ddof 0"},
         layer_norm(jnp), lambda draw: [draw.between(shape), draw.between(shape[-1:]), draw.between(shape[-1:])], layer_norm(np))
for activation, g, h in [("tanh", jnp.tanh, np.tanh), ("relu", jax.nn.relu, lambda x: np.maximum(x, 0))]:
    labels = [1, 0, 2]
    def mlp(log_softmax, g):
        return lambda x, w1, b1, w2, b2: -log_softmax(g(x @ w1 + b1) @ w2 + b2, axis=-1)[np.arange(3), np.array(labels)].mean()
    case("mlp", activation, {"inputs": ["x", "w1", "b1", "w2", "b2"], "labels": labels, "activation": activation,
                             "formula": "-mean_i log_softmax(activation(x w1 + b1) w2 + b2)[i, labels_i]"},
         mlp(jax.nn.log_softmax, g), lambda draw: [draw.between(s) for s in [(3, 2), (2, 4), (4,), (4, 3), (3,)]], mlp(scipy.special.log_softmax, h))
def mixture(np, logsumexp):
    def f(a, mu, ls, x):
        z = (x[:, None, :] - mu) * np.exp(-ls)
        t = a - logsumexp(a) - 0.5 * (z * z).sum(-1) - ls.sum(-1) - x.shape[1] / 2 * math.log(2 * math.pi)
        return logsumexp(t, axis=1).sum()
    return f
case("mixture", "4 points, 3 components, 2 dimensions",
     {"inputs": ["logits [K]", "means [K,d]", "log_scales [K,d]", "x [n,d]"],
      "formula": "sum_i logsumexp_k(log_softmax(logits)_k + sum_j(-((x_ij - m_kj) exp(-s_kj))^2/2 - s_kj - ln(2 pi)/2))"},
     mixture(jnp, jax.scipy.special.logsumexp), lambda draw: [draw.between((3,), -1, 1), draw.between((3, 2)), draw.between((3, 2), -0.7, 0.7), draw.between((4, 2))],
     mixture(np, scipy.special.logsumexp))
def gaussian(np, solve_triangular):
    def f(a, mu, x):
        l = np.linalg.cholesky(symmetrical(a))
        z = solve_triangular(l, (x - mu).T, lower=True)
        return -0.5 * (z * z).sum(0) - np.log(np.diagonal(l)).sum() - len(mu) / 2 * math.log(2 * math.pi)
    return f
case("gaussian", "density of 4 points in 3 dimensions",
     {"inputs": ["covariance [d,d]", "mean [d]", "x [n,d]"], "formula": "L = cholesky(sym A), z_i = L^-1 (x_i - mean): -|z_i|^2/2 - sum ln diag L - d/2 ln(2 pi)"} | SYMMETRIZE,
     gaussian(jnp, jax.scipy.linalg.solve_triangular), lambda draw: [draw.definite(3), draw.between((3,)), draw.between((4, 3))],
     gaussian(np, scipy.linalg.solve_triangular), symmetric=[0])
def attention(np, softmax):
    return lambda q, k, v: softmax(np.einsum("bhqd,bhkd->bhqk", q, k) / math.sqrt(q.shape[-1]), axis=-1) @ v
case("attention", "1 × 2 heads, 2 queries, 3 keys", {"inputs": ["q", "k", "v"], "formula": "softmax(q k^T / sqrt(d)) v"}, attention(jnp, jax.nn.softmax),
     lambda draw: [draw.between(s) for s in [(1, 2, 2, 3), (1, 2, 3, 3), (1, 2, 3, 2)]], attention(np, scipy.special.softmax))


# --- output
KEYS = ["inputs", "outputs", "weights", "gradients", "tangents", "jvp", "hvp"]
SOURCE = ("Values, gradients, forward derivatives and products with Hessians of operations on arrays, by JAX {} in float64 on a CPU: "
          "tests/reference/arrays.py, which states the conventions.")


def write():
    lines = []
    for c in cases:
        entry = {"op": c["op"], "name": c["name"], "args": c["args"]}
        entry |= {key: None if c[key] is None else [array(a) for a in c[key]] for key in KEYS}
        lines.append(json.dumps(entry, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "arrays.json")
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write('{\n"source": ' + json.dumps(SOURCE.format(jax.__version__)) + ',\n"cases": [\n' + ",\n".join(lines) + "\n]\n}\n")


if CHECK:
    for what, (error, name) in worst.items():
        print(f"{what}: off by {error:.1e} at most, {name}")
    print(f"{len(cases)} cases, {sum(c['formula'] is not None for c in cases)} of them by a formula in NumPy")
else:
    write()
