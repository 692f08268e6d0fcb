"""Why an engine can not be started on this machine.

EngineError
  EngineMissing    no vLLM is installed in the model environment
  GpuMissing       the installed vLLM needs a GPU, and the driver reports none
"""


class EngineError(Exception):
    """Something that keeps an engine from being started for a route; the root of the tree above."""

    def __init__(self, route: str) -> None:
        super().__init__(route)
        self.route = route


class EngineMissing(EngineError):
    """The route wants vLLM, which is not installed."""


class GpuMissing(EngineError):
    """The route wants the CUDA build of vLLM, and there is no NVIDIA GPU."""
