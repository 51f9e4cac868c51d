"""Times objectives written with arrays in JAX, on one core, after compilation: python arrays.py [seconds for each, 5]

A line of JSON for each: `min_us` and `median_us` of `runs` calls, each waited for, with what was computed: `value`, and
`gradient_norm`, the 2-norm of the whole gradient, for comparison with another implementation.

All inputs are from the generator of benches/workloads, with a seed for each workload,

    s <- 6364136223846793005 s + 1442695040888963407  (mod 2^64),   u = floor(s / 2^11) 2^-53,

u in [0, 1), "symmetric" is 2 u - 1, all arrays row-major, drawn in the order of the text:

    perceptron   seed 5, float32 (drawn in float64 and rounded): W1 [784, 128] 0.05 symmetric, b1 [128] 0.05 symmetric,
                 W2 [128, 10] 0.1 symmetric, b2 [10] 0.1 symmetric, inputs x [128, 784] u, 128 labels floor(10 u);
                 mean_i(logsumexp(o_i) - o_i[label_i]), o = relu(x W1 + b1) W2 + b2. Adam has the rate 1e-3, betas 0.9 and
                 0.999, eps 1e-8 outside of the root, and corrects the bias of both means. `value` and `gradient_norm` are
                 those at the start, but for "step": the loss at the parameters after 10 steps on the same batch, and the
                 2-norm of all the parameters then.
    logistic     seed 6, float64: X [10000, 100] symmetric, w [100] 0.5 symmetric, y = 1 if u < 1/2, else 0, 10000 of them;
                 mean_i(softplus(z_i) - y_i z_i), z = X w.
    mixture      benches/workloads/mixture.rs at d = 10, K = 25, n = 1000, float64: seed 2, weights alpha [25] u - 1/2,
                 centres mu [25, 10] symmetric, for each component 10 logarithms of the diagonal 0.5 symmetric and 45 entries of
                 the strict lower triangle, column by column, 0.3 symmetric, then points [1000, 10] symmetric. "centred" is
                 Q_k (x_i - mu_k), "expanded" is Q_k x_i - Q_k mu_k with one product of matrices for all k.
"""
import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
# Before the import, so that the pools of threads have one.
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import json, math, sys, time

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import logsumexp

jax.config.update("jax_enable_x64", True)
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0


class Lcg:
    def __init__(self, seed):
        self.state = seed

    def uniform(self, *shape):
        s, n = self.state, math.prod(shape)
        u = np.empty(n)
        for i in range(n):
            s = (s * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
            u[i] = (s >> 11) * 2.0**-53
        self.state = s
        return u.reshape(shape)

    def symmetric(self, *shape):
        return 2 * self.uniform(*shape) - 1


def norm(tree):
    return math.sqrt(sum(float((np.asarray(a, np.float64) ** 2).sum()) for a in jax.tree.leaves(tree)))


def measure(workload, what, f, facts):
    """`f` waits for its result. At least 20 calls."""
    for _ in range(5):
        f()
    times, end = [], time.perf_counter() + SECONDS
    while len(times) < 20 or time.perf_counter() < end:
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    times.sort()
    line = {"workload": workload, "what": what, "min_us": round(times[0] * 1e6, 2), "median_us": round(times[len(times) // 2] * 1e6, 2),
            "runs": len(times)}
    print(json.dumps(line | facts), flush=True)


def measure_objective(workload, objective, x, *data):
    """The value alone, the gradient alone and both, by the first argument."""
    x, data = jax.device_put((x, data))
    value, gradient, both = jax.jit(objective), jax.jit(jax.grad(objective)), jax.jit(jax.value_and_grad(objective))
    v, g = both(x, *data)
    facts = {"value": float(v), "gradient_norm": norm(g)}
    for what, f in [("value", value), ("gradient", gradient), ("value and gradient", both)]:
        measure(workload, what, lambda: jax.block_until_ready(f(x, *data)), facts)


# --- perceptron
def perceptron(p, x, labels):
    o = jax.nn.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
    return jnp.mean(logsumexp(o, axis=1) - jnp.take_along_axis(o, labels[:, None], axis=1)[:, 0])


def adam(state, x, labels):
    p, m, v, t = state
    loss, g = jax.value_and_grad(perceptron)(p, x, labels)
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
    time = t.astype(jnp.float32)
    a, b = 1 / (1 - 0.9**time), 1 / (1 - 0.999**time)
    p = jax.tree.map(lambda p, m, v: p - 1e-3 * (m * a) / (jnp.sqrt(v * b) + 1e-8), p, m, v)
    return loss, (p, m, v, t)


random = Lcg(5)
start = {"w1": 0.05 * random.symmetric(784, 128), "b1": 0.05 * random.symmetric(128), "w2": 0.1 * random.symmetric(128, 10), "b2": 0.1 * random.symmetric(10)}
start = {name: a.astype(np.float32) for name, a in start.items()}
x = jnp.asarray(random.uniform(128, 784).astype(np.float32))
labels = jnp.asarray((10 * random.uniform(128)).astype(np.int32))
measure_objective("perceptron", perceptron, start, x, labels)

step = jax.jit(adam, donate_argnums=0)
zeros = lambda: jax.tree.map(lambda a: jnp.zeros_like(a), start)
state = (jax.tree.map(lambda a: jnp.array(a), start), zeros(), zeros(), jnp.int32(0))
for _ in range(10):
    _, state = step(state, x, labels)
facts = {"value": float(perceptron(state[0], x, labels)), "parameter_norm": norm(state[0])}
assert all(a.dtype == jnp.float32 for a in jax.tree.leaves(state[:3]))


def one_step():
    global state
    loss, state = step(state, x, labels)
    jax.block_until_ready((loss, state))


measure("perceptron", "step", one_step, facts)


# --- logistic regression
def logistic(w, x, y):
    z = x @ w
    return jnp.mean(jnp.logaddexp(z, 0.0) - y * z)


random = Lcg(6)
x, w = random.symmetric(10_000, 100), 0.5 * random.symmetric(100)
y = (random.uniform(10_000) < 0.5).astype(np.float64)
measure_objective("logistic", logistic, w, x, y)

# --- mixture
D, K, N = 10, 25, 1_000
random = Lcg(2)
alpha, mu = random.uniform(K) - 0.5, random.symmetric(K, D)
factors = np.stack([np.concatenate([0.5 * random.symmetric(D), 0.3 * random.symmetric(D * (D - 1) // 2)]) for _ in range(K)])
points = random.symmetric(N, D)
# Column by column: the transposed indices of the upper triangle, row by row.
COLUMNS, ROWS = np.triu_indices(D, 1)
CONSTANT = -N * D / 2 * math.log(2 * math.pi) + K * (
    D * (D + 1) / 2 * math.log(2) + D * (D - 1) / 4 * math.log(math.pi) + sum(math.lgamma((D + 2 - j) / 2) for j in range(1, D + 1)))


def mixture(parameters, points, expanded):
    alpha, mu, factors = parameters
    logs, triangle = factors[:, :D], factors[:, D:]
    diagonal = jnp.exp(logs)
    q = jnp.zeros((K, D, D)).at[:, ROWS, COLUMNS].set(triangle).at[:, np.arange(D), np.arange(D)].set(diagonal)
    if expanded:
        y = (points @ q.reshape(K * D, D).T).reshape(N, K, D) - jnp.einsum("kij,kj->ki", q, mu)
    else:
        y = jnp.einsum("kij,nkj->nki", q, points[:, None, :] - mu)
    exponents = alpha + logs.sum(axis=1) - 0.5 * (y * y).sum(axis=2)
    prior = 0.5 * ((diagonal * diagonal).sum() + (triangle * triangle).sum())
    return logsumexp(exponents, axis=1).sum() - N * logsumexp(alpha) + prior + CONSTANT


for name, expanded in [("mixture centred", False), ("mixture expanded", True)]:
    measure_objective(name, lambda p, points: mixture(p, points, expanded), (alpha, mu, factors), points)
