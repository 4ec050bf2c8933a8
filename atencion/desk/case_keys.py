"""Keys of cases, made to be said over the phone: nine digits, the last of which catches a digit misheard or swapped."""

from __future__ import annotations

import secrets

from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line

_DIGITS = 8


def new_case_key() -> str:
    """A key nobody can guess from another one."""
    number = str(secrets.randbelow(10**_DIGITS)).zfill(_DIGITS)
    return number + check_digit(number)


def is_case_key(text: str) -> bool:
    """Whether these nine digits are a key, spaces apart."""
    digits = "".join(text.split())
    return len(digits) == _DIGITS + 1 and digits.isdecimal() and check_digit(digits[:-1]) == digits[-1]


def clean_key(text: str) -> str:
    """The nine digits of what was typed for a key. Raises Refused if it is none, or if they do not check: it was
    misheard or mistyped.
    """
    digits = "".join(text.replace("-", " ").replace(".", " ").split())
    if not digits.isdecimal():
        raise Refused(
            _("«{key}» no es la clave de un expediente.").format(key=clean_line(text, 40)),
            remedy=_("Son nueve cifras, como 482 719 362."),
        )
    if not is_case_key(digits):
        raise Refused(
            _("La clave «{key}» no cuadra: hay alguna cifra equivocada.").format(key=clean_line(text, 40)),
            remedy=_("Pida que se la repitan de tres en tres cifras."),
        )
    return digits


def check_digit(digits: str) -> str:
    """ISO/IEC 7064, MOD 11,10: catches every single wrong digit and nearly all swaps of two neighbours."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def spoken_key(key: str) -> str:
    """The key in the groups in which it is read aloud: 482 719 365."""
    return " ".join(key[at : at + 3] for at in range(0, len(key), 3))
