"""Dataclasses that are defined in no time: the same as Python's frozen ones, without code made for each class.

Python compiles six methods for every frozen dataclass. Of the hundreds that a diagnosis loads, that takes longer than
reading all their files; here the classes share those that take longest. Either kind may be the base of the other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
	from dataclasses import dataclass as dataclass

_T = TypeVar("_T")
_MISSING = dataclasses.MISSING


if not TYPE_CHECKING:

	def dataclass(*, frozen: bool) -> Callable[[type[_T]], type[_T]]:
		"""Return what makes a class a frozen dataclass; for others there is Python's own ``dataclass``."""
		if not frozen:
			raise TypeError("These are frozen. Take dataclasses.dataclass for one that is not.")
		return _frozen


def _frozen(cls: type[_T]) -> type[_T]:
	if not cls.__doc__:
		cls.__doc__ = cls.__name__  # or Python would work out a signature for it
	# Python asks that all of a line be frozen: the first one says so, and has its own two methods for it.
	below = any(dataclasses.is_dataclass(base) for base in cls.__mro__[1:])
	made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, frozen=below)(cls)
	made.__dataclass_params__.frozen = True
	fields = dataclasses.fields(made)
	methods = {
		"__init__": _initialiser(cls.__qualname__, fields),
		"__repr__": _shown(tuple(field.name for field in fields if field.repr)),
		**_compared(tuple(field.name for field in fields if field.compare)),
		**_frozen_in(made, frozenset(field.name for field in fields)),
	}
	own = vars(cls).copy()
	for name, method in methods.items():
		# A class with an __eq__ of its own has a __hash__ of None, which nobody wrote.
		if own.get(name) is None:
			setattr(made, name, method)
	return cls


def _frozen_in(cls: type, names: frozenset[str]) -> dict[str, Callable[..., None]]:
	"""Return what refuses to change a record; what a class below it has besides its fields is its own affair."""

	def refuse_set(self: Any, name: str, value: Any) -> None:
		if type(self) is cls or name in names:
			raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
		object.__setattr__(self, name, value)

	def refuse_delete(self: Any, name: str) -> None:
		if type(self) is cls or name in names:
			raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
		object.__delattr__(self, name)

	return {"__setattr__": refuse_set, "__delattr__": refuse_delete}


def _shown(names: Sequence[str]) -> Callable[[Any], str]:
	def shown(self: Any) -> str:
		return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

	return shown


def _compared(names: Sequence[str]) -> dict[str, Callable[..., Any]]:
	def values(self: Any) -> tuple[Any, ...]:
		return tuple([getattr(self, name) for name in names])

	def equal(self: Any, other: object) -> Any:
		return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

	def hashed(self: Any) -> int:
		return hash(values(self))

	return {"__eq__": equal, "__hash__": hashed}


def _initialiser(title: str, fields: Sequence[dataclasses.Field[Any]]) -> Callable[..., None]:
	names = tuple(field.name for field in fields)
	defaults = {field.name: field.default for field in fields if field.default is not _MISSING}
	makers: Mapping[str, Any] = {
		field.name: field.default_factory for field in fields if field.default_factory is not _MISSING
	}

	def initialise(self: Any, *args: Any, **given: Any) -> None:
		# What is not given here by its place is given by name, or has a default.
		values = {**defaults, **dict(zip(names, args)), **given}  # noqa: B905
		if len(values) < len(names):
			values.update((name, make()) for name, make in makers.items() if name not in values)
		if (
			len(values) != len(names)
			or len(args) > len(names)
			or (given and not given.keys() <= set(names[len(args) :]))
		):
			raise TypeError(_misfit(title, names, args, given, values))
		self.__dict__.update(values)
		finish = getattr(self, "__post_init__", None)
		if finish is not None:
			finish()

	return initialise


def _misfit(
	title: str, names: Sequence[str], args: Sequence[Any], given: Mapping[str, Any], values: Mapping[str, Any]
) -> str:
	if len(args) > len(names):
		return f"{title} takes {len(names)} values, not {len(args)}"
	if wrong := [name for name in given if name not in names[len(args) :]]:
		return f"{title} has no {', '.join(wrong)}, or was given it twice"
	return f"{title} was not given {', '.join(name for name in names if name not in values)}"
