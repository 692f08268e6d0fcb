"""How far a job has come, and the word to stop: shared by its thread and the loop."""

from dataclasses import replace

from gateway.inspection.job import Job


class JobStopped(Exception):
    """The job was told to stop; nothing of it is used."""


class Track:
    """An ``audit.rules.Progress`` that can be looked at, and that ends the work when it is told to."""

    def __init__(self) -> None:
        self.done = 0
        self.size = 0
        self._stopped = False

    def __call__(self, _log: str, done: int, size: int) -> None:
        self.done, self.size = done, size
        self.begin()

    def begin(self) -> None:
        """Raises: JobStopped."""
        if self._stopped:
            raise JobStopped

    def stop(self) -> None:
        """The work ends at its next sign of life."""
        self._stopped = True

    def shown_on(self, job: Job) -> Job:
        """The job with what is known of it now."""
        return replace(job, done=self.done, size=self.size)
