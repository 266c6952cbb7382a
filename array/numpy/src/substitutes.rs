//! What NumPy has and NumS does not, and what to write instead.

use crate::error::Error;

/// A module, a name in it, and what does the same; tests/scripts/substitutes.py holds the formulas against NumPy.
const SUBSTITUTES: &[(&str, &str, &str)] = &[
    ("numpy", "genfromtxt", "nums.read_csv(path, header=False).values"),
    ("numpy", "loadtxt", "nums.read_csv(path, header=False).values"),
    ("numpy", "savetxt", "np.save, which writes .npy"),
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
