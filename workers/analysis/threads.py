"""One thread: the same sums on every machine, and no queue of threads on a busy one."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside it, the number libraries that are loaded by then use one thread each.

    numpy, scipy and scikit-learn are loaded on entry, because a limit reaches only what is there.
    """
    import scipy.sparse.linalg  # noqa: F401
    import sklearn.cluster  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
