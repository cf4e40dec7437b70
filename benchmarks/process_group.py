"""Measures the processor time and the memory of a process and its children."""

import psutil

_MEBIBYTE = 1024 * 1024


class ProcessGroup:
    """A process and its descendants, with dead ones that were waited for."""

    def __init__(self, pid: int) -> None:
        """Begin at the process of this id."""
        self._root = psutil.Process(pid)

    def cpu_seconds(self) -> float:
        """Give the processor time so far, in user and kernel mode."""
        return sum(self._cpu_seconds(each) for each in (self._root, *self._root.children(recursive=True)))

    def largest_worker_mebibytes(self) -> float:
        """Give the resident memory of the largest child."""
        sizes = [each.memory_info().rss for each in self._root.children(recursive=True)]
        return float(max(sizes)) / _MEBIBYTE

    @staticmethod
    def _cpu_seconds(process: psutil.Process) -> float:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return float(times.user + times.system + times.children_user + times.children_system)
