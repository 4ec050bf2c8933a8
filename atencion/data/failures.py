"""What the engines' errors mean to a person, in one place: what happened, what is safe, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from atencion.errors import AtencionError, StoreError
from atencion.i18n import _


@contextmanager
def told_to_people(where: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn whatever of `errors`, those of the engine, is raised inside into a StoreError about `where`."""
    try:
        yield
    except AtencionError:
        raise
    except errors as error:
        raise explain(error, where) from error


def explain(error: BaseException, where: str) -> StoreError:
    """The StoreError that tells `error`."""
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", None)
    if name is not None:
        return _of_sqlite(name, str(cause), where)
    if hasattr(cause, "sqlstate"):
        return _of_postgresql(cause.sqlstate or "", where)
    return _unknown(str(cause), where)


def _of_sqlite(name: str, detail: str, where: str) -> StoreError:
    if name == "SQLITE_FULL":
        return _disk_full()
    if name.startswith("SQLITE_READONLY"):
        return _read_only(where)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return _busy()
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return StoreError(
            _("El fichero {where} está dañado, o no es un almacén de atencion, o su clave es otra.").format(
                where=where
            ),
            remedy=_("No lo borre ni lo copie encima: apártelo y recupere la última copia de seguridad."),
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return cannot_open(where)
    if name.startswith("SQLITE_IOERR"):
        return StoreError(
            _("El disco ha fallado al leer o escribir en {where}; este paso no se ha guardado.").format(where=where),
            remedy=_("Lo confirmado antes está a salvo. Compruebe el disco y repita el paso."),
        )
    return _unknown(detail, where)


def _of_postgresql(state: str, where: str) -> StoreError:
    if state == "53100":
        return _disk_full()
    if state == "25006":
        return _read_only(where)
    if state in ("55P03", "57014", "40001", "40P01"):
        return _busy()
    if state == "53300":
        return StoreError(
            _("El servidor {where} no admite más conexiones.").format(where=where),
            remedy=_("Espere un momento y repita; si sigue igual, avise a quien lo administra."),
        )
    if state.startswith("28"):
        return StoreError(
            _("El servidor {where} no acepta este usuario o esta contraseña.").format(where=where),
            remedy=_("Revise la dirección que da en --db o en ATENCION_DB."),
        )
    if state == "3D000":
        return StoreError(
            _("La base de datos de {where} no existe.").format(where=where),
            remedy=_("Créela en el servidor o revise la dirección que da en --db o en ATENCION_DB."),
        )
    if state == "42501":
        return StoreError(
            _("El usuario no tiene permiso para esto en {where}; no se ha guardado nada.").format(where=where),
            remedy=_("Pida el permiso a quien administra la base de datos."),
        )
    if state == "" or state.startswith(("08", "57P")):
        return StoreError(
            _("No hay conexión con la base de datos {where}.").format(where=where),
            remedy=_("Lo confirmado está a salvo. Compruebe la red y el servidor, y repita el último paso."),
        )
    return _unknown(state, where)


def cannot_open(where: str) -> StoreError:
    """The file or its folder does not let itself be opened."""
    return StoreError(
        _("No se puede abrir el almacén {where}.").format(where=where),
        remedy=_("Compruebe que la carpeta existe y que usted puede leer y escribir en ella."),
    )


def _disk_full() -> StoreError:
    return StoreError(
        _("No queda espacio en el disco; este paso no se ha guardado."),
        remedy=_("Lo confirmado antes está a salvo. Libere espacio y repita el paso."),
    )


def _read_only(where: str) -> StoreError:
    return StoreError(
        _("El almacén {where} es de solo lectura; este paso no se ha guardado.").format(where=where),
        remedy=_("Lo confirmado antes está a salvo. Devuelva el permiso de escritura y repita el paso."),
    )


def _busy() -> StoreError:
    return StoreError(
        _("El almacén está ocupado por otro puesto o programa; este paso no se ha guardado."),
        remedy=_("Lo confirmado antes está a salvo. Espere unos segundos y repita el paso."),
    )


def _unknown(detail: str, where: str) -> StoreError:
    return StoreError(
        _("El almacén {where} no ha podido hacer lo que se le pedía ({detail}).").format(where=where, detail=detail),
        remedy=_("Lo confirmado antes está a salvo. Ejecute «atencion doctor» para ver qué le ocurre."),
    )
