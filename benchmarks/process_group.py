"""What a process and its children cost."""

import psutil

_MEBIBYTE = 1024 * 1024


class ProcessGroup:
    """A process and all that descend from it, dead ones included as far as they were waited for."""

    def __init__(self, pid: int) -> None:
        """Take the id of the process at the root."""
        self._root = psutil.Process(pid)

    def cpu_seconds(self) -> float:
        """Give the processor time spent so far, in user and kernel mode."""
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
