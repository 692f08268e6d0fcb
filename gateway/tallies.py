"""Figures of the call path: plain numbers that are put in Prometheus' words when they are scraped.

The client library's own counters take a lock and look their labels up each time; a call moves six of them. These are
moved by the event loop alone, and read by the scraper's thread, which may see a call counted in one and not yet in
the next.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
_BOUNDS: Final = (*(str(bound) for bound in SECONDS), "+Inf")


class Tally(Collector):
    """A counter for each set of labels."""

    def __init__(self, name: str, text: str, labels: Sequence[str]) -> None:
        self._name = name
        self._text = text
        self._labels = labels
        self._counts: dict[tuple[str, ...], int] = {}

    def add(self, labels: tuple[str, ...], by: int = 1) -> None:
        """Count so many more."""
        counts = self._counts
        counts[labels] = counts.get(labels, 0) + by

    def collect(self) -> Iterator[Metric]:
        """As Prometheus has it."""
        family = CounterMetricFamily(self._name, self._text, labels=self._labels)
        for labels, count in list(self._counts.items()):
            family.add_metric(labels, count)
        yield family


class Seconds(Collector):
    """A histogram of durations for each value of one label."""

    def __init__(self, name: str, text: str, label: str) -> None:
        self._name = name
        self._text = text
        self._label = label
        # By the label's value: how many fell into each bucket (not cumulative), and their sum.
        self._found: dict[str, tuple[list[int], list[float]]] = {}

    def add(self, label: str, seconds: float) -> None:
        """Note one duration."""
        found = self._found.get(label)
        if found is None:
            found = self._found[label] = ([0] * len(_BOUNDS), [0.0])
        found[0][bisect_left(SECONDS, seconds)] += 1
        found[1][0] += seconds

    def collect(self) -> Iterator[Metric]:
        """As Prometheus has it: each bucket counts all that is at most its bound."""
        family = HistogramMetricFamily(self._name, self._text, labels=(self._label,))
        for label, (counts, total) in list(self._found.items()):
            family.add_metric((label,), _cumulative(counts), sum_value=total[0])
        yield family


def _cumulative(counts: Sequence[int]) -> list[tuple[str, float]]:
    below = 0
    buckets: list[tuple[str, float]] = []
    for bound, count in zip(_BOUNDS, list(counts), strict=True):
        below += count
        buckets.append((bound, float(below)))
    return buckets
