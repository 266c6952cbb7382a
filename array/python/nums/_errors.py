"""The exceptions and warnings of models, by scikit-learn's names."""


class NotFittedError(ValueError, AttributeError):
    """A model is asked for what it has not learnt yet."""


class ConvergenceWarning(UserWarning):
    """A fit ended before it converged."""


class UndefinedMetricWarning(UserWarning):
    """A score is not defined on the data."""
