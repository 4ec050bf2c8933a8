"""Where things are on this machine: the protocols that come with the program, and the person's own folders."""

from __future__ import annotations

from pathlib import Path

from atencion.errors import AtencionError
from atencion.i18n import _

PACKAGE = Path(__file__).resolve().parent


def shipped_protocols() -> Path:
    """The folder of the protocols that come with the program: inside the package, or beside it in a checkout.

    Raises AtencionError when there is neither, which means a broken installation.
    """
    for folder in (PACKAGE / "_protocols", PACKAGE.parent / "protocols"):
        if folder.is_dir():
            return folder
    raise AtencionError(
        _("Faltan los protocolos que acompañan al programa."),
        remedy=_("Vuelva a instalar atencion, o indique otra carpeta con --protocols."),
    )


def default_store() -> str:
    """The URL of the store when nobody names one: a file in the person's data folder, which may not exist yet."""
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('atencion', appauthor=False) / 'atencion.db'}"


def state_folder() -> Path:
    """Where what is neither data nor settings goes, such as reports of failures; it may not exist yet."""
    from platformdirs import user_state_path

    return user_state_path("atencion", appauthor=False)


def classroom_folder() -> Path:
    """Where the stores of practice calls are that a trainer follows from another terminal; it may not exist yet."""
    from platformdirs import user_data_path

    return user_data_path("atencion", appauthor=False) / "practice"
