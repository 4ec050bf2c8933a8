"""Practice stores on each engine."""

from tests.stores import *  # noqa: F403
