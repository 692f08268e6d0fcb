"""Classes of information, and which may be sent to a model."""

from typing import Final

# The least sensitive first; web/src/features/conversation/levels.ts has the same.
SCALE: Final = ("public", "open", "internal", "confidential", "secret")


def fits(classification: str, ceiling: str) -> bool:
    """Whether information of the class may be sent where ``ceiling`` is the highest that may.

    A class by another name than those of the scale has no order: it fits a ceiling of its own name only.
    """
    if classification in SCALE and ceiling in SCALE:
        return SCALE.index(classification) <= SCALE.index(ceiling)
    return classification == ceiling
