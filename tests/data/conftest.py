"""The data layer's tests run on each engine."""

from tests.stores import *  # noqa: F403
