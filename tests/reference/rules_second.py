"""Writes rules_second.json: paths of update rules for which trajectories.json has numbers with the noise of fewer bits.

The rules are written down here in NumPy, in double precision, from their published formulas: Muon in PyTorch's form (the
entries of trajectories.json have its iteration in 16 bits), MADGRAD and schedule-free AdamW with a warm-up (Optax computes
their rates in single precision). Muon in Optax's form is Optax's own (0.2.8, x64), on a matrix with a vector beside it.

The objective is 0.5 Σ dₖ (xₖ - 1)², dₖ = 100^(k/(n-1)), from xₖ = (-1)ᵏ (0.5 + 0.3 k).
"""

import json
import pathlib

import numpy as np

STEPS = [1, 2, 3, 5, 10, 20]


def walk(shape, step):
    n = int(np.prod(shape))
    d = (100.0 ** (np.arange(n) / (n - 1))).reshape(shape)
    x = np.array([(-1) ** k * (0.5 + 0.3 * k) for k in range(n)]).reshape(shape)
    iterates = {}
    for t in range(1, STEPS[-1] + 1):
        x, shown = step(t, x, d * (x - 1))
        if t in STEPS:
            iterates[t] = shown.ravel().tolist()
    return {"shape": list(shape), "iterates": iterates}


def orthogonal(u, eps):
    tall = u.shape[0] > u.shape[1]
    x = (u.T if tall else u) / max(np.linalg.norm(u), eps)
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.775 * gram + 2.0315 * gram @ gram) @ x
    return x.T if tall else x


def muon(shape, lr, mu, decay, nesterov, match):
    m = np.zeros(shape)

    def step(t, x, g):
        nonlocal m
        m = mu * m + (1 - mu) * g
        u = mu * m + (1 - mu) * g if nesterov else m
        s = 0.2 * max(shape) ** 0.5 if match else max(1, shape[0] / shape[1]) ** 0.5
        x = x * (1 - lr * decay) - lr * s * orthogonal(u, 1e-7)
        return x, x

    return walk(shape, step)


def madgrad(shape, lr, mu, eps):
    s, nu, x0 = np.zeros(shape), np.zeros(shape), None

    def step(t, x, g):
        nonlocal s, nu, x0
        x0 = x if t == 1 else x0
        weight = (lr + eps) * t**0.5
        s, nu = s + weight * g, nu + weight * g * g
        x = mu * x + (1 - mu) * (x0 - s / (np.cbrt(nu) + eps))
        return x, x

    return walk(shape, step)


def schedule_free_adamw(shape, lr, beta, beta2, eps, decay, warmup):
    v, z, x, total, most = np.zeros(shape), None, None, 0.0, 0.0

    def step(t, y, g):
        nonlocal v, z, x, total, most
        z, x = (y, y) if t == 1 else (z, x)
        v = beta2 * v + (1 - beta2) * g * g
        rate = lr * min(1, (t - 1) / warmup)
        z = z - rate * (g / (np.sqrt(v / (1 - beta2**t)) + eps) + decay * y)
        most = max(most, lr * min(1, t / warmup))
        total += most**2
        x = x + most**2 / total * (z - x)
        return (1 - beta) * z + beta * x, x

    return walk(shape, step)


def optax_muon(lr, decay):
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import optax

    rule = optax.contrib.muon(lr, weight_decay=decay, eps=1e-8)
    state = None

    def step(t, x, g):
        nonlocal state
        parts = lambda a: {"b": jnp.array(a[12:]), "w": jnp.array(a[:12]).reshape(3, 4)}
        params = parts(x)
        state = rule.init(params) if state is None else state
        updates, state = rule.update(parts(g), state, params)
        params = optax.apply_updates(params, updates)
        x = np.concatenate([np.ravel(params["w"]), params["b"]])
        return x, x

    return walk((15,), step)


entries = {
    "muon": muon((4, 3), 0.05, 0.95, 0.1, True, False),
    "muon_wide": muon((2, 5), 0.05, 0.9, 0.0, True, False),
    "muon_match": muon((4, 3), 0.02, 0.95, 0.1, False, True),
    "muon_optax": optax_muon(0.05, 0.01),
    "madgrad": madgrad((10,), 0.01, 0.9, 1e-6),
    "schedule_free_adamw": schedule_free_adamw((10,), 0.01, 0.9, 0.999, 1e-8, 0.1, 10),
}
path = pathlib.Path(__file__).with_name("rules_second.json")
path.write_text(json.dumps({"entries": entries}, separators=(",", ":")) + "\n")
