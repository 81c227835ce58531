"""When two states are equal: a fingerprint, small and hashable, that equal states share."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import hashlib
import numbers
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import pandas as pd

PLAIN = frozenset({int, bool, complex, str, bytes, type(None), datetime.date, datetime.datetime, datetime.timedelta})
"""Types whose values are their own fingerprint."""
NAN = ("nan",)


def fingerprint(state: Any) -> Any:
    """A small hashable value, equal for equal states: of numbers, text, dates, containers, dataclasses, numpy, pandas.

    Arrays are equal when shape, dtype and every value are; so keep one dtype for one kind of state.

    Raises:
        TypeError: the state holds an object that has no equality of its own.
    """
    kind = type(state)
    if kind is float:
        return state if state == state else NAN
    if kind in PLAIN:
        return state
    if kind is tuple or kind is list:
        return kind.__name__, tuple([fingerprint(one) for one in state])
    if isinstance(state, np.generic) and kind is not np.longdouble:
        return fingerprint(state.item())
    if isinstance(state, numbers.Number):
        return NAN if state != state else state
    if isinstance(state, str | bytes | enum.Enum | datetime.date | datetime.timedelta):
        return state
    if isinstance(state, np.ma.MaskedArray):
        return "masked", fingerprint(np.ma.getmaskarray(state)), fingerprint(state.filled())
    if isinstance(state, np.ndarray):
        return _array(state)
    if isinstance(state, pd.DataFrame | pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
        return _pandas(state)
    if isinstance(state, Mapping):
        return "mapping", frozenset((fingerprint(key), fingerprint(value)) for key, value in state.items())
    if isinstance(state, AbstractSet):
        return "set", frozenset(map(fingerprint, state))
    if isinstance(state, tuple | list):
        return kind.__qualname__, tuple([fingerprint(one) for one in state])
    if dataclasses.is_dataclass(state) and kind is not type:
        values = tuple(fingerprint(getattr(state, one.name)) for one in dataclasses.fields(state))
        return kind.__qualname__, values
    if kind.__eq__ is not object.__eq__ and kind.__hash__ not in (None, object.__hash__):
        return kind.__qualname__, state
    raise TypeError(f"states that hold a {kind.__name__} cannot be compared. Remedy: pass `fingerprint`.")


def _array(array: np.ndarray) -> tuple[Any, ...]:
    if array.dtype.hasobject:
        return "objects", array.shape, fingerprint(array.tolist())
    if array.dtype.kind in "fc":
        array = array + 0  # so that -0.0 and 0.0, which are equal, have equal bytes
    flat = np.packbits(array) if array.dtype == bool else array
    return array.dtype.str, array.shape, hashlib.blake2b(flat.tobytes(), digest_size=16).digest()


def _pandas(state: Any) -> tuple[Any, ...]:
    if isinstance(state, pd.RangeIndex):
        return "range", state.start, state.stop, state.step, state.name
    if isinstance(state, pd.MultiIndex):
        return "levels", fingerprint(state.to_frame(index=False, allow_duplicates=True))
    if isinstance(state, pd.DataFrame):
        columns = tuple(fingerprint(state.iloc[:, at].array) for at in range(state.shape[1]))
        return "table", fingerprint(state.index), fingerprint(state.columns), columns
    if isinstance(state, pd.Series):
        return "series", state.name, fingerprint(state.index), fingerprint(state.array)
    if isinstance(state, pd.Index):
        return "index", state.name, fingerprint(state.array)
    if isinstance(state, pd.arrays.NumpyExtensionArray):
        return _array(state.to_numpy())
    return str(state.dtype), len(state), fingerprint(pd.util.hash_array(state, categorize=False))
