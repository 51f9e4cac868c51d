"""Paths of Optax's Adafactor in double precision throughout.

Optax computes the decay 1 - t^-0.8 in single precision even where all numbers are double; here it is given a decay of the
same formula in double. Everything else is Optax's own: python adafactor.py > adafactor.json (Optax 0.2.8, JAX 0.10.2).

Problems, steps and tolerances are those of trajectories.json: a tolerance is 200 times what a relative nudge of the start
by 1e-14 grows to, times the spacing of the numbers at 1, at least 1e-12; null where that is beyond 1e-6.
"""

import json
import pathlib

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
import optax

STEPS = [1, 2, 3, 5, 10, 50, 100, 500]
PROBLEMS = json.loads((pathlib.Path(__file__).parent / "trajectories.json").read_text())["problems"]


def gradient(problem, x):
    if problem == "rosenbrock2":
        a, b = x
        return np.array([-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)])
    k = np.arange(x.size).reshape(x.shape)
    return 100.0 ** (k / (x.size - 1)) * (x - 1.0)


def adafactor(lr, factor_from, clip):
    return optax.chain(
        optax.scale_by_factored_rms(
            True,
            0.8,
            0,
            factor_from,
            1e-30,
            decay_rate_fn=lambda i, exponent: 1.0 - jnp.float64(i + 1) ** -exponent,
        ),
        optax.clip_by_block_rms(clip),
        optax.scale_by_learning_rate(lr, flip_sign=False),
        optax.scale_by_param_block_rms(),
        optax.scale(-1),
    )


def path(problem, transformation, start):
    x, state, iterates = jnp.array(start), transformation.init(jnp.array(start)), {}
    update = jax.jit(transformation.update)
    for step in range(1, STEPS[-1] + 1):
        updates, state = update(jnp.array(gradient(problem, np.asarray(x))), state, x)
        x = optax.apply_updates(x, updates)
        if step in STEPS:
            iterates[str(step)] = np.asarray(x).ravel().tolist()
    return iterates


def entry(name, problem, lr, factor_from, clip):
    start = np.array(PROBLEMS[problem]["x0"]).reshape(PROBLEMS[problem]["shape"])
    nudge = 1e-14 * (-1.0) ** np.arange(start.size).reshape(start.shape)
    iterates, nudged = (path(problem, adafactor(lr, factor_from, clip), x) for x in (start, start * (1 + nudge)))
    tolerance, largest = {}, 0.0
    for step, x in iterates.items():
        x, y = np.array(x), np.array(nudged[step])
        growth = np.max(np.abs(x - y) / np.maximum(1, np.abs(x))) / 1e-14
        largest = max(largest, growth)
        bound = max(1e-12, 200 * max(growth, 0.02 * largest) * np.finfo(float).eps)
        tolerance[step] = float(f"{bound:.2g}") if bound <= 1e-6 else None
    hyper = {"learning_rate": lr, "min_dim_size_to_factor": factor_from, "clipping_threshold": clip}
    return {
        "id": name,
        "framework": "optax",
        "problem": problem,
        "hyper": hyper,
        "iterates": iterates,
        "tolerance": tolerance,
    }


entries = [
    entry("adafactor_double", "rosenbrock2", 0.05, 128, 1.0),
    entry("adafactor_double", "quad10", 0.1, 128, 1.0),
    entry("adafactor_double", "matrix4x3", 0.1, 128, 1.0),
    entry("adafactor_double_factored", "matrix4x3", 0.1, 2, 1.0),
    entry("adafactor_double_factored_clip", "matrix4x3", 0.02, 3, 0.5),
]
print(json.dumps({"about": " ".join(__doc__.split()), "entries": entries}, indent=1))
