"""What can go wrong with a model, in the words of whoever asked it.

    InferenceError
      CatalogueFaulty        the description of the routes is not usable; carries every fault
      UnknownModel           no route of that name
        NoModelOfKind        no route of that kind at all
      ModelUnavailable       no backend of the route can be reached now
      ModelOverloaded        the route's queue is full, or the turn did not come in time
      ModelTimedOut          the backend was too slow, at a named stage
      ModelRefused           the backend would not take this request as it is
        PromptTooLong        since it is more than the model reads
      ModelFailed            the backend broke, or answered what it should not

An engine's own error text never gets in here: it may quote the prompt.
"""

from collections.abc import Sequence
from enum import StrEnum


class Refusal(StrEnum):
    """Why an engine would not take a request."""

    CONTEXT_LENGTH = "context_length"
    BAD_REQUEST = "bad_request"


class Failure(StrEnum):
    """How an engine broke."""

    ANSWER = "answer"  # not the JSON that the route promises
    CLOSED = "closed"  # the connection ended inside an answer
    ENGINE = "engine"  # an error said by the engine, before or inside a stream
    TOO_LARGE = "too_large"  # more bytes than the limits allow
    STATUS = "status"  # a status that makes no sense here


class Stage(StrEnum):
    """Which deadline passed."""

    FIRST_BYTE = "first_byte"
    IDLE = "idle"
    TOTAL = "total"


class InferenceError(Exception):
    """Something about a model; the root of the tree above."""


class CatalogueFaulty(InferenceError):
    """The description of the routes has faults, all of them listed."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class UnknownModel(InferenceError):
    """No route bears the name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NoModelOfKind(UnknownModel):
    """The catalogue has no route of the kind."""


class RouteError(InferenceError):
    """Something that happened on one route."""

    def __init__(self, route: str) -> None:
        super().__init__(route)
        self.route = route


class ModelUnavailable(RouteError):
    """Every backend of the route refuses connections, or says that it is not ready."""


class ModelOverloaded(RouteError):
    """The route has more work than it may queue; worth another try after ``retry_after`` seconds."""

    def __init__(self, route: str, *, retry_after: int) -> None:
        super().__init__(route)
        self.retry_after = retry_after


class ModelTimedOut(RouteError):
    """The backend was too slow at ``stage``."""

    def __init__(self, route: str, *, stage: Stage) -> None:
        super().__init__(route)
        self.stage = stage


class ModelRefused(RouteError):
    """The backend would not take the request; ``param`` is the parameter at fault, when it is one we know."""

    def __init__(self, route: str, *, reason: Refusal, param: str | None = None) -> None:
        super().__init__(route)
        self.reason = reason
        self.param = param


class PromptTooLong(ModelRefused):
    """What was sent, with room for the answer, is more than the model reads."""

    def __init__(self, route: str, *, param: str | None = None) -> None:
        super().__init__(route, reason=Refusal.CONTEXT_LENGTH, param=param)


class ModelFailed(RouteError):
    """The backend broke; ``how`` says in which way."""

    def __init__(self, route: str, *, how: Failure) -> None:
        super().__init__(route)
        self.how = how
