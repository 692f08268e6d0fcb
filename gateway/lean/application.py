"""The raw-ASGI application of the call path: exact paths, one handler each."""

from collections.abc import Awaitable, Callable, Mapping

from auth import policy
from auth.errors import NoTenant
from auth.identity import Principal
from auth.policy import Action
from gateway import calls
from gateway.gate import Gate
from gateway.lean.exchange import ClientGone, Exchange, Patience
from gateway.limits import Limits
from gateway.recorder import Receive, Scope, Send
from gateway.refusals import WrongMethod

Handler = Callable[[Exchange, Principal], Awaitable[None]]


class CallPath:
    """Who is asking, may they, is there budget left: then the handler of the path."""

    def __init__(self, handlers: Mapping[str, tuple[Action, Handler]], *, gate: Gate, limits: Limits) -> None:
        self._handlers = dict(handlers)
        self._gate = gate
        self._limits = limits
        self._patience = Patience()

    @property
    def actions(self) -> Mapping[str, Action]:
        """What each path needs, for the tests that sweep over every route."""
        return {path: action for path, (action, _) in self._handlers.items()}

    def serves(self, path: str) -> bool:
        """Whether the path is on the call path."""
        return path in self._handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        action, handler = self._handlers[scope["path"]]
        if scope["method"] != "POST":
            raise WrongMethod(("POST",))
        call = calls.of(scope)
        call.who = who = await self._gate.programme(scope["headers"])
        policy.require(who, action)
        if not isinstance(who, Principal):
            raise NoTenant
        call.allowance = self._limits.take(who)
        try:
            await handler(Exchange(scope, receive, send, call, self._patience), who)
        except ClientGone:
            call.gone = True
