"""Spanish words brought to what they share: folded, without the words that say nothing, cut to their stem.

Accents go before the stemmer, which otherwise gives `línea` and `líneas` different stems; and customers' questions are
typed without them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from atencion.text import fold_words

_NOTHING_SAID = (
    "a al algo alguien algun alguna algunas alguno algunos ante antes aqui asi aun aunque cada como con contra "
    "cual cuales cualquier cuando cuanto de del desde donde dos e el ella ellas ello ellos en entonces entre "
    "era eran eres es esa esas ese eso esos esta estaba estado estan estar estas este esto estos estoy fue "
    "fueron ha habia han has hasta hay he hace hacer hemos hola la las le les lo los mas me mi mia mio mis "
    "mucho muy nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para pero poco por porque "
    "pues que quien quiere quiero quisiera se sea segun ser si sido sin sobre sois solo somos son soy su sus "
    "tal tambien tan tanto te tengo tiene tienen todo todos tras tu tus un una unas uno unos usted ustedes va "
    "vosotros voy vuestra vuestro y ya yo puedo puede pueden podria necesito favor gracias buenos buenas dias "
    "tardes noches "
)
STOP_WORDS = frozenset(_NOTHING_SAID.split())


def stems(text: str) -> list[str]:
    """The stems of the words of `text`, in order, without stop words; repeated words are repeated."""
    return [stem(word) for word in fold_words(text) if word not in STOP_WORDS]


@cache
def stem(word: str) -> str:
    """The stem of a folded word. A word with digits (a code, an amount) is left whole.

    The plural goes first: the stemmer alone parts `linea` from `lineas`.
    """
    if not word.isalpha():
        return word
    singular = word[:-1] if len(word) > 4 and word.endswith("s") else word
    stemmed: str = _stemmer().stemWord(singular)
    return stemmed


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("spanish")
