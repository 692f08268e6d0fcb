"""What the gateway itself refuses at the door: bodies, fields, paths.

::

    Refused
    ├── MalformedBody          no JSON, or not the shape asked for      .param, .expected
    ├── UnknownParameter       a field that this route does not know    .param
    ├── BadValue               a field outside its bounds               .param, .expected
    ├── BodyTooLarge                                                    .limit_bytes
    ├── WrongMediaType                                                  .expected
    ├── NoSuchPath             nothing is served there
    ├── WrongMethod                                                     .allowed
    ├── NotFound               a thing of this tenant that isn't there  .kind
    ├── PromptBlocked          the guard's verdict                      .kinds
    ├── NotGenerative          the route can't do this                  .model
    └── AboveCeiling           too sensitive for the route              .model, .classification, .ceiling
"""

from collections.abc import Iterable


class Refused(Exception):
    """The request can't be taken as it is."""


class MalformedBody(Refused):
    """The body is not JSON, or not the shape that the route asks for."""

    def __init__(self, *, param: str | None = None, expected: str = "a JSON object") -> None:
        super().__init__(param)
        self.param = param
        self.expected = expected


class UnknownParameter(Refused):
    """A field that the route does not know, and whose meaning it would have to guess."""

    def __init__(self, param: str) -> None:
        super().__init__(param)
        self.param = param


class BadValue(Refused):
    """A field with a value outside its bounds."""

    def __init__(self, param: str, *, expected: str) -> None:
        super().__init__(param)
        self.param = param
        self.expected = expected


class BodyTooLarge(Refused):
    """The body is longer than the route takes."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes


class WrongMediaType(Refused):
    """The body is of another type than the route takes."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


class NoSuchPath(Refused):
    """Nothing is served at this path."""


class WrongMethod(Refused):
    """The path exists, the method does not."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = ", ".join(sorted(allowed))
        super().__init__(self.allowed)


class NotFound(Refused):
    """This tenant has no such thing."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class PromptBlocked(Refused):
    """The prompt carries what the organisation does not let through."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self.kinds = tuple(kinds)
        super().__init__(", ".join(self.kinds))


class NotGenerative(Refused):
    """The route is of a kind that can't do what was asked of it."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.model = model


class AboveCeiling(Refused):
    """The call's class of information is above the highest that may be sent to the route."""

    def __init__(self, model: str, *, classification: str, ceiling: str) -> None:
        super().__init__(model)
        self.model = model
        self.classification = classification
        self.ceiling = ceiling
