"""Spanish words brought to what they share: folded, without the words that say nothing, cut to their stem.

Accents go before the stemmer, which otherwise gives `línea` and `líneas` different stems; and customers' questions are
typed without them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from threading import Lock
from typing import Any

from atencion.text import fold_words

LONGEST_WORD = 40
"""Letters of a word that count: no word is longer, and what is, is noise."""

WORDS_KEPT = 65_536
"""Words whose stem is remembered: more than people use, and what a program that runs all day has room for."""

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
# What is said around a question on the phone and is in no answer.
_SAID_AROUND = (
    "acaba acabo acaban ahi ahora alla alli anda aparte apenas aparece aparecia aquel aquella bien bueno buena claro "
    "cosa cosas creo creia cree cuenteme dado dan dar dando deberia debo debe decia decir decirme dejado demas dentro "
    "despues dice dicen diga digame digo dicho dijeron dijo doy encima esque estais esteis estamos estabamos ejem "
    "explicar explicarme explica expliqueme fuera gustaria haber habeis habian habria haceis haciendo hago han haria "
    "hecho hicieron hice hizo informacion informarme intento intentando ir iba irme justo llamaba llamado llamar "
    "luego lleva llevan llevo llevamos manera mejor mirar mire mira miren mismo misma modo nadie nunca ojala oiga "
    "oigan oye parece pareceria pasa pasado pasan pasar paso poder podeis podemos podriais podrian pone ponen ponia "
    "preguntar pregunta preguntaba primero pronto puesto pudiera puedan pueda puedes quede queda quedo querer queria "
    "quereis queremos querria razon realmente resulta resulto sabe sabeis saben saber sabes sabria sabia se senor "
    "senora senorita sera seria sale salen salia siempre siento sigo sigue siguen supone supongo tendre tendria "
    "tenemos tenia tenian tener teneis toca tocaria total tuve tuvo ultimamente va vais vale vamos van vaya veces "
    "ver vera veo verdad vez viene vienen vino vi visto bastante cierto demasiado entero eh ah oh pasara pasaria "
    "hacen hagan haga pido pedi pide pedis pedimos comentar comentaban mandeis mandarais "
    "mandais nunca jamas igual estas "
)
STOP_WORDS = frozenset((_NOTHING_SAID + _SAID_AROUND).split())


def stems(text: str) -> list[str]:
    """The stems of the words of `text`, in order, without stop words; repeated words are repeated."""
    return list(filter(None, map(content_stem, fold_words(text))))


def content_stem(word: str) -> str:
    """The stem of a folded word; empty if it is a stop word."""
    return "" if word in STOP_WORDS else stem(word)


@lru_cache(WORDS_KEPT)
def content_form(word: str) -> str:
    """A folded word as its form, `stem/ending`; empty if it is a stop word.

    So written, that a text has some form of a word and that it has this very one are each a search for a piece of it.
    The ending is never empty, so that what ends in `/` is the beginning of all forms of a stem.
    """
    its_stem = content_stem(word)
    if not its_stem:
        return ""
    word = word[:LONGEST_WORD]
    if word == its_stem:
        return f"{its_stem}/="
    return f"{its_stem}/{word[len(its_stem) :]}" if word.startswith(its_stem) else f"{its_stem}/~{word}"


@lru_cache(WORDS_KEPT)
def stem_of(form: str) -> str:
    """The stem of a form."""
    return form[: form.index("/")]


def word_of(form: str) -> str:
    """The word of a form, of at most `LONGEST_WORD` letters."""
    its_stem, _slash, ending = form.partition("/")
    if ending == "=":
        return its_stem
    return ending[1:] if ending.startswith("~") else its_stem + ending


@lru_cache(WORDS_KEPT)
def stem(word: str) -> str:
    """The stem of a folded word. A word with digits (a code, an amount) is left whole.

    The plural goes first: the stemmer alone parts `linea` from `lineas`.
    """
    word = word[:LONGEST_WORD]
    if not word.isalpha():
        return word
    singular = word[:-1] if len(word) > 4 and word.endswith("s") else word
    with _STEMMING:
        stemmed: str = _stemmer().stemWord(singular)
    return stemmed


_STEMMING = Lock()
"""Held while the stemmer has a word in hand: it has room for one."""


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("spanish")
