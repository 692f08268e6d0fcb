"""The realm as code: from the files in ``deploy/keycloak`` to what Keycloak takes in."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

Realm = dict[str, Any]

# Keycloak's own ${...} texts are lower case (${username}, ${client_id}); ours begin with VALV_.
_BLANK: Final = re.compile(r"\$\{(VALV_[A-Z_]+)\}")


class BlankLeft(ValueError):
    """The realm has a blank that was given no value."""

    def __init__(self, blank: str) -> None:
        super().__init__(blank)
        self.blank = blank


def render(realm: Mapping[str, Any], *, secrets: Mapping[str, str], urls: Mapping[str, str]) -> Realm:
    """The realm with every ``${VALV_...}`` filled in; values nobody asked for are left over.

    Raises:
        BlankLeft: a blank has no value, or an empty one.
    """
    values = {**urls, **secrets}

    def fill(match: re.Match[str]) -> str:
        value = values.get(match[1], "")
        if not value:
            raise BlankLeft(match[1])
        return json.dumps(value)[1:-1]

    filled: Realm = json.loads(_BLANK.sub(fill, json.dumps(realm)))
    return filled


def overlaid(realm: Mapping[str, Any], overlay: Mapping[str, Any]) -> Realm:
    """The realm with the overlay's lists added to its own, and the overlay's other values in place."""
    return {**realm, **{name: _joined(realm.get(name), value) for name, value in overlay.items()}}


def _joined(below: object, above: object) -> object:
    if isinstance(below, Sequence) and isinstance(above, Sequence) and not isinstance(above, str):
        return [*below, *above]
    return above
