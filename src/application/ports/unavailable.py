"""Infrastructure that is down."""


class Unavailable(Exception):  # noqa: N818 - a state of the world, not a mistake
    """Something that the service depends on does not answer now; the same call may succeed later.

    Driven adapters raise it, or a subclass, in place of their libraries' exceptions. Nothing of the
    call that met it has been stored, unless the adapter's documentation says otherwise.
    """
