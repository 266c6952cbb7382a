"""What `__array_namespace_info__` of the array API standard tells: dtypes, devices and abilities."""

import numpy

_KINDS = {
    "bool": ("bool",),
    "signed integer": ("int8", "int16", "int32", "int64"),
    "unsigned integer": ("uint8", "uint16", "uint32", "uint64"),
    "real floating": ("float32", "float64"),
    "complex floating": ("complex64", "complex128"),
}
_SHORTHANDS = {
    "integral": ("signed integer", "unsigned integer"),
    "numeric": ("signed integer", "unsigned integer", "real floating", "complex floating"),
}
_DEFAULTS = {"real floating": "float64", "complex floating": "complex128", "integral": "int64", "indexing": "int64"}
_DEVICE = "cpu"


class Info:
    """The inspection functions of the array API standard."""

    def capabilities(self):
        """What depends on the values of arrays works, and the number of axes has no bound."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": None}

    def default_device(self):
        """The one device: the memory of the nodes."""
        return _DEVICE

    def devices(self):
        """All devices."""
        return (_DEVICE,)

    def default_dtypes(self, *, device=None):
        """The dtype of each kind where none is asked for."""
        _check(device)
        return {kind: numpy.dtype(name) for kind, name in _DEFAULTS.items()}

    def dtypes(self, *, device=None, kind=None):
        """The dtypes of a kind, or of several kinds, by name; all without one."""
        _check(device)
        kinds = tuple(_KINDS) if kind is None else (kind,) if isinstance(kind, str) else tuple(kind)
        wanted = [part for one in kinds for part in _SHORTHANDS.get(one, (one,))]
        for one in wanted:
            if one not in _KINDS:
                raise ValueError(f"unsupported kind: {one!r}; the kinds are {', '.join([*_KINDS, *_SHORTHANDS])}")
        return {name: numpy.dtype(name) for part in _KINDS if part in wanted for name in _KINDS[part]}


def _check(device):
    if device not in (None, _DEVICE):
        raise ValueError(f"unsupported device: {device!r}; there is {_DEVICE!r}")
