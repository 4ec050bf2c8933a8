"""What an agent can do, as plain functions with types, none of which knows about a terminal.

`Desk` is a place of work with its store and protocols; `Interaction` a call in hand. Screens and commands are two thin
faces of these two; the other types they show come from the modules that make them.
"""

from atencion.desk.desk import Desk, OpenCall, Record
from atencion.desk.interaction import Interaction

__all__ = ["Desk", "Interaction", "OpenCall", "Record"]
