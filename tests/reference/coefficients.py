"""Chebyshev coefficients of the kernels in src/real/special/: python coefficients.py (needs mpmath).

Each is an interpolation at the Chebyshev points in 50 digits; terms below 2e-18 of the largest are dropped.
"""
from mpmath import mp, mpf, besseli, besselj, besseljzero, cos, pi, erfc, exp, hyperu, psi, findroot, sqrt, lambertw, e

mp.dps = 50
N = 60


def chebyshev(f):
    points = [cos(pi * (k + mpf(1) / 2) / N) for k in range(N)]
    values = [f(t) for t in points]
    c = [2 * sum(values[k] * cos(pi * j * (k + mpf(1) / 2) / N) for k in range(N)) / N for j in range(N)]
    c[0] /= 2
    largest = max(map(abs, c))
    while abs(c[-1]) < 2e-18 * largest:
        c.pop()
    return c


def show(name, c):
    print(f"const {name}: [f64; {len(c)}] = [")
    for x in c:
        print(f"    {float(x)!r},")
    print("];")


def erfcx(t):
    if t == 1:
        return 2 / sqrt(pi)
    x = mpf(15) / 4 * (1 + t) / (1 - t)
    return (1 + 2 * x) * exp(x * x) * erfc(x)


def repeated(n, x):
    """e^(x²) iⁿerfc x by Kummer's U, DLMF 7.18(iv)."""
    return mpf(2) ** -n * (hyperu(mpf(n + 1) / 2, mpf(1) / 2, x * x) if x else sqrt(pi) / mp.gamma(mpf(n) / 2 + 1))


def eighth_ratio(u):
    t = (1 + u) / 2
    x = t * sqrt(18 / (1 - t * t))
    return repeated(8, x) / repeated(7, x) * (x + sqrt(x * x + 18)) - 1


root = findroot(lambda x: psi(0, x), mpf("1.4616"))


def digamma(t):
    x = 2 + t
    return psi(0, x) / (x - root) if x != root else psi(1, root)


def lambert(t):
    p = (1 + t) * mpf(3) / 8
    return (1 + lambertw((p * p / 2 - 1) / e).real) / p


show("SCALED_ERFC", chebyshev(erfcx))
# A 1 is added: what is below 2e-18 of that is dropped.
show("EIGHTH_RATIO", [c for c in chebyshev(eighth_ratio) if abs(c) > 2e-18])
high = float(root)
print("const ROOT: (f64, f64) =", (high, float(root - mpf(high))))
print("const ROOTS: [(f64, f64); 20] = [")
for k in range(20):
    # ψ rises from −∞ to ∞ between two poles.
    zero = findroot(lambda x: psi(0, x), (mpf(-k) - mpf("0.7"), mpf(-k) - mpf("0.2")), solver="anderson", tol=mpf(10) ** -45)
    print(f"    ({float(zero)!r}, {float(zero - mpf(float(zero)))!r}),")
print("];")
show("DIGAMMA", chebyshev(digamma))
show("NEAR_BRANCH", chebyshev(lambert))
print("const RECIP_E: (f64, f64) =", (float(1 / e), float(1 / e - mpf(float(1 / e)))))
print("const E_LOW: f64 =", float(e - mpf(float(e))))
print("const FRAC_1_SQRT_2_LOW: f64 =", float(1 / sqrt(2) - mpf(float(1 / sqrt(mpf(2))))))
for order, count in ((0, 8), (1, 7)):
    print(f"const ZEROS_{order}: [(f64, f64, f64); {count}] = [")
    for k in range(count):
        zero = besseljzero(order, k + 1)
        slope = -besselj(1, zero) if order == 0 else besselj(0, zero)
        print(f"    ({float(zero)!r}, {float(zero - mpf(float(zero)))!r}, {float(slope)!r}),")
    print("];")


def scaled(order, low, high):
    """e⁻ˣ I(x) in x, and further out √x e⁻ˣ I(x) in 1/x."""
    def near(t):
        x = (high + low + (high - low) * t) / mpf(2)
        return exp(-x) * besseli(order, x)
    def far(t):
        x = 2 / (1 / mpf(high) + 1 / mpf(low) + (1 / mpf(low) - 1 / mpf(high)) * t)
        return sqrt(x) * exp(-x) * besseli(order, x)
    return chebyshev(near if low < 8 else far)


show("I0_NEAR", scaled(0, mpf("1.4"), 8))
show("I0_FAR", scaled(0, 8, 40))
show("I1_NEAR", scaled(1, 2, 8))
show("I1_FAR", scaled(1, 8, 40))
show("GAMMA", chebyshev(lambda t: mp.gamma((3 + t) / 2)))
