"""What NumS raises and warns of besides the exceptions of Python and NumPy; those of models by scikit-learn's names."""


class NotSupported(AttributeError, NotImplementedError):
    """A name of NumPy's that NumS does not have; the message says what to write instead."""


class NotFittedError(ValueError, AttributeError):
    """A model is asked for what it has not learnt yet."""


class ConvergenceWarning(UserWarning):
    """A fit ended before it converged."""


class UndefinedMetricWarning(UserWarning):
    """A score is not defined on the data."""
