//! What NumPy has and NumS does not, and what to write instead.

use crate::error::Error;

/// A module, a name in it, and what does the same; tests/scripts/substitutes.py holds the formulas against NumPy.
const SUBSTITUTES: &[(&str, &str, &str)] = &[
    (
        "numpy",
        "allclose",
        "((a == b) | np.isfinite(b) & (np.abs(a - b) <= 1e-8 + 1e-5 * np.abs(b))).all()",
    ),
    ("numpy", "array_equal", "a.shape == b.shape and (a == b).all()"),
    (
        "numpy",
        "corrcoef",
        "c @ c.T with c = x - x.mean(axis=1, keepdims=True) and then c = c / np.sqrt((c * c).sum(axis=1, keepdims=True))",
    ),
    ("numpy", "cov", "c @ c.T / (x.shape[1] - 1) with c = x - x.mean(axis=1, keepdims=True)"),
    (
        "numpy",
        "diag",
        "np.where(np.eye(n) == 1, x, 0), with .sum(axis=1) for the diagonal of a matrix of n rows and columns",
    ),
    ("numpy", "diff", "x[..., 1:] - x[..., :-1]"),
    ("numpy", "flip", "x[::-1], or x[::-1, ::-1] of two axes"),
    ("numpy", "genfromtxt", "nums.read_csv(path, header=False).values"),
    (
        "numpy",
        "histogram",
        "p[1:] - p[:-1] with s = np.sort(x) and p = np.concatenate([np.searchsorted(s, edges[:-1]), np.searchsorted(s, edges[-1:], side='right')])",
    ),
    ("numpy", "isclose", "(a == b) | np.isfinite(b) & (np.abs(a - b) <= 1e-8 + 1e-5 * np.abs(b))"),
    ("numpy", "isin", "(x[..., None] == np.array(values)).any(axis=-1)"),
    ("numpy", "loadtxt", "nums.read_csv(path, header=False).values"),
    (
        "numpy",
        "median",
        "np.sort(x.ravel())[[(x.size - 1) // 2, x.size // 2]].mean(), where no element is nan",
    ),
    (
        "numpy",
        "meshgrid",
        "np.broadcast_to(x, (len(y), len(x))) and np.broadcast_to(y[:, None], (len(y), len(x)))",
    ),
    (
        "numpy",
        "percentile",
        "s[i] + (p - i) * (s[math.ceil(p)] - s[i]) with s = np.sort(x.ravel()), p = q / 100 * (x.size - 1) and i = int(p)",
    ),
    (
        "numpy",
        "quantile",
        "s[i] + (p - i) * (s[math.ceil(p)] - s[i]) with s = np.sort(x.ravel()), p = q * (x.size - 1) and i = int(p)",
    ),
    (
        "numpy",
        "roll",
        "np.concatenate([x[-k:], x[:-k]]) of a vector, with k from -len(x) to len(x)",
    ),
    ("numpy", "savetxt", "np.save, which writes .npy"),
    ("numpy", "tril", "np.where(np.arange(m)[:, None] >= np.arange(n), x, 0)"),
    ("numpy", "triu", "np.where(np.arange(m)[:, None] <= np.arange(n), x, 0)"),
    ("numpy", "unique", "np.array(sorted(set(x.ravel().tolist())))"),
    ("numpy", "vdot", "np.dot(a.ravel(), b.ravel())"),
    ("numpy", "vectorize", "a function of whole arrays"),
    (
        "numpy.linalg",
        "lstsq",
        "np.linalg.solve(r, q.T @ y) with q, r = np.linalg.qr(x), where the columns of x are independent",
    ),
    (
        "numpy.linalg",
        "pinv",
        "np.linalg.solve(r, q.T) with q, r = np.linalg.qr(x), where the columns of x are independent",
    ),
    (
        "numpy.random",
        "choice",
        "x[np.random.Generator(np.random.Philox(key=0)).integers(0, len(x), size)]",
    ),
    ("numpy.random", "normal", "np.random.Generator(np.random.Philox(key=0)).normal"),
    ("numpy.random", "rand", "np.random.Generator(np.random.Philox(key=0)).random"),
    ("numpy.random", "randint", "np.random.Generator(np.random.Philox(key=0)).integers"),
    ("numpy.random", "randn", "np.random.Generator(np.random.Philox(key=0)).standard_normal"),
    ("numpy.random", "random", "np.random.Generator(np.random.Philox(key=0)).random"),
    ("numpy.random", "seed", "np.random.Generator(np.random.Philox(key=0))"),
    ("numpy.random", "uniform", "np.random.Generator(np.random.Philox(key=0)).uniform"),
];

/// The error for a name that a module lacks, and for which there is something else to write.
pub fn missing(module: &str, name: &str) -> Option<Error> {
    if module == "numpy"
        && let Some(unsupported) = crate::functions::unsupported_dtype(name.trim_end_matches('_'))
    {
        return Some(unsupported);
    }
    let found = SUBSTITUTES.iter().find(|entry| (entry.0, entry.1) == (module, name))?;
    Some(Error::unsupported(format!("{module}.{name} (use {}) is", found.2)))
}
