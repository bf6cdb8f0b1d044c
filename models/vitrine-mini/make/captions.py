"""Descriptions of products in English and French, full or partial."""
from __future__ import annotations

import random
import string
from dataclasses import dataclass

from attributes import COLOUR_INDEX, COLOURS, FINISH_INDEX, GROUPS, KIND_INDEX, KINDS, PATTERN_INDEX, Product


@dataclass
class Caption:
    """A text and what it says: the kinds that fit, and class numbers, -1 for what is left unsaid."""

    text: str
    kinds: tuple[int, ...]
    colour: int = -1
    pattern: int = -1
    second: int = -1
    finish: int = -1


EN_FINISH = {"matt": ("matt", "matte", "matt"), "glossy": ("glossy", "shiny", "glossy", "polished")}
FR_FINISH = {"matt": (("mat", "mate", "mats", "mates"),),
             "glossy": (("brillant", "brillante", "brillants", "brillantes"),
                        ("laqué", "laquée", "laqués", "laquées"))}
EN_PATTERN_ADJ = {"striped": ("striped", "stripy"), "dotted": ("dotted", "polka dot", "spotted"),
                  "checked": ("checked", "checkered", "plaid"), "zigzag": ("zigzag", "chevron", "zig-zag"),
                  "two-tone": ("two-tone", "two-coloured", "two tone"), "plain": ("plain", "solid", "plain")}
EN_PATTERN_NOUN = {"striped": ("stripes",), "dotted": ("dots", "polka dots", "spots"),
                   "checked": ("checks", "squares"), "zigzag": ("zigzags", "chevrons", "zigzag lines")}
FR_PATTERN_NOUN = {"striped": ("rayures", "bandes"), "dotted": ("pois", "points"), "checked": ("carreaux", "damier"),
                   "zigzag": ("zigzags", "chevrons")}
GENDER = {"m": 0, "f": 1, "mp": 2, "fp": 3}
# noun forms of the colours of a pattern are plural; this is the gender of each pattern noun
FR_NOUN_GENDER = {"rayures": 3, "bandes": 3, "pois": 2, "points": 2, "carreaux": 2, "damier": 0, "zigzags": 2,
                  "chevrons": 2}


def _article(word: str) -> str:
    return "an" if word[0] in "aeio" else "a"


def _join(*parts: str) -> str:
    return " ".join(p for p in parts if p)


def _noun(product: Product, lang: str, group: float, rng: random.Random) -> tuple[str, str, tuple[int, ...]]:
    """A word for the product's kind: (noun, French gender, kinds that the word covers)."""
    kind = KINDS[KIND_INDEX[product.kind]]
    wide = [g for g in GROUPS if product.kind in g[2]]
    if rng.random() < group:
        en, fr, kinds = rng.choice(wide)
        ids = tuple(KIND_INDEX[k] for k in kinds)
        if lang == "en":
            return rng.choice(en), "", ids
        noun, gender = rng.choice(fr)
        return noun, gender, ids
    if lang == "en":
        return rng.choice((kind.en[0],) + kind.en), "", (KIND_INDEX[kind.name],)
    noun, gender = rng.choice((kind.fr[0],) + kind.fr)
    return noun, gender, (KIND_INDEX[kind.name],)


def _said(product: Product, full: bool, rng: random.Random) -> tuple[bool, bool, bool, bool]:
    """Which of (colour, pattern, second, finish) the text is to say."""
    if full:
        return True, True, True, True
    pattern = rng.random() < (0.75 if product.pattern != "plain" else 0.35)
    return rng.random() < 0.8, pattern, pattern and rng.random() < 0.7, rng.random() < 0.3


def english(product: Product, full: bool, rng: random.Random, group: float = 0.0) -> Caption:
    """An English description; ``full`` says all attributes, else some are left out at random.

    ``group`` is the chance that a wider word ("shoes", "bag") stands for the kind.
    """
    noun, _, kinds = _noun(product, "en", group, rng)
    say_colour, say_pattern, say_second, say_finish = _said(product, full, rng)
    plain = product.pattern == "plain"
    colour = rng.choice(COLOURS[COLOUR_INDEX[product.colour]].en) if say_colour else ""
    second = rng.choice(COLOURS[COLOUR_INDEX[product.second]].en) if say_second and not plain else ""
    finish = rng.choice(EN_FINISH[product.finish]) if say_finish else ""
    adj = rng.choice(EN_PATTERN_ADJ[product.pattern]) if say_pattern else ""
    nouns = EN_PATTERN_NOUN.get(product.pattern)
    if plain or not say_pattern:
        phrase = rng.choice((
            lambda: _join(finish, adj, colour, noun), lambda: _join(finish, colour, adj, noun),
            lambda: _join(adj, colour, finish, noun),
            lambda: _join(noun, f"in {colour}" if colour else "") + (f", {_join(adj, finish)}" if adj or finish else ""),
            lambda: _join(colour, noun) + (f", {adj}" if adj else "") + (f", {finish}" if finish else ""),
            lambda: _join(finish, adj, noun, f"in {colour}" if colour else ""),
        ))()
    else:
        both = f"{colour} and {second}" if colour and second else colour
        options = []
        if nouns:
            n = rng.choice(nouns)
            options += [
                lambda: _join(finish, colour, noun, "with", second, n),
                lambda: _join(colour, finish, noun, "with", second, n),
                lambda: _join(noun, f"in {colour}" if colour else "", "with", second, n) + (f", {finish}" if finish else ""),
                lambda: _join(colour, noun) + ", " + _join(second, n) + (f", {finish}" if finish else ""),
            ]
        if colour or not second:
            options += [
                lambda: _join(finish, both, adj, noun), lambda: _join(both, adj, finish, noun),
                lambda: _join(adj, noun, f"in {both}" if both else "") + (f", {finish}" if finish else ""),
                lambda: _join(both, noun) + f", {adj}" + (f", {finish}" if finish else ""),
            ]
        if not options:  # two-tone, only the second colour said
            options = [lambda: _join(finish, adj, noun, "with", second)]
        phrase = rng.choice(options)()
    text = rng.choice((phrase, phrase, f"{_article(phrase)} {phrase}", f"{_article(phrase)} {phrase}"))
    return _caption(text, kinds, product, say_colour, say_pattern, say_second and not plain, say_finish)


def french(product: Product, full: bool, rng: random.Random, group: float = 0.0) -> Caption:
    """A French description, as ``english``; adjectives agree with the noun."""
    noun, gender, kinds = _noun(product, "fr", group, rng)
    g = GENDER[gender]
    say_colour, say_pattern, say_second, say_finish = _said(product, full, rng)
    plain = product.pattern == "plain"
    colours = rng.choice(COLOURS[COLOUR_INDEX[product.colour]].fr)
    colour = colours[g] if say_colour else ""
    second_forms = rng.choice(COLOURS[COLOUR_INDEX[product.second]].fr) if say_second and not plain else ()
    finish = rng.choice(FR_FINISH[product.finish])[g] if say_finish else ""
    uni = ("uni", "unie", "unis", "unies")[g]
    tail = f", {finish}" if finish and rng.random() < 0.5 else f" {finish}" if finish else ""
    if not say_pattern:
        phrase = _join(noun, colour) + tail
    elif plain:
        phrase = rng.choice((lambda: _join(noun, colour, uni) + tail, lambda: _join(noun, uni, colour) + tail,
                             lambda: _join(noun, finish, colour, uni)))()
    elif product.pattern == "two-tone":
        bi = rng.choice(("bicolore", "deux tons"))
        if colour and second_forms:
            both = f"{colour} et {second_forms[g]}"
            phrase = rng.choice((lambda: _join(noun, bi, both) + tail, lambda: _join(noun, both, bi) + tail))()
        elif second_forms:
            phrase = _join(noun, bi, "avec du", second_forms[0]) + tail
        else:
            phrase = rng.choice((lambda: _join(noun, bi, colour) + tail, lambda: _join(noun, colour, bi) + tail))()
    else:
        n = rng.choice(FR_PATTERN_NOUN[product.pattern])
        sec = second_forms[FR_NOUN_GENDER[n]] if second_forms else ""
        options = [lambda: _join(noun, colour, "à", n, sec) + tail,
                   lambda: _join(noun, finish, colour, "avec", "un" if n == "damier" else "des", n, sec),
                   lambda: _join(noun, colour, finish, "à", n, sec)]
        if product.pattern == "striped":
            raye = ("rayé", "rayée", "rayés", "rayées")[g]
            if not second_forms:
                options.append(lambda: _join(noun, colour, raye) + tail)
            else:
                of = "d'" if second_forms[0][0] in "oé" else "de "
                options.append(lambda: _join(noun, colour, raye, of + second_forms[0]) + tail)
        phrase = rng.choice(options)()
    article = ("un", "une", "des", "des")[g]
    text = rng.choice((phrase, phrase, f"{article} {phrase}", f"{article} {phrase}"))
    return _caption(text, kinds, product, say_colour, say_pattern, say_second and not plain, say_finish)


def _caption(text: str, kinds: tuple[int, ...], product: Product, colour: bool, pattern: bool, second: bool,
             finish: bool) -> Caption:
    return Caption(text, kinds, COLOUR_INDEX[product.colour] if colour else -1,
                   PATTERN_INDEX[product.pattern] if pattern else -1,
                   COLOUR_INDEX[product.second] if second else -1,
                   FINISH_INDEX[product.finish] if finish else -1)


EN_LEADS = ("photo of {}", "a picture of {}", "i want {}", "looking for {}", "{} for sale", "{} please", "{}, new",
            "buy {}", "cheap {}", "{} for women", "{} for my kitchen", "show me {}", "the {}", "a nice {}")
FR_LEADS = ("photo de {}", "une image de {}", "je veux {}", "je cherche {}", "{} à vendre", "{} neuf", "acheter {}",
            "{} pas cher", "{} pour femme", "le {}", "la {}", "joli {}", "{} pour la maison")


def roughen(text: str, lang: str, rng: random.Random) -> str:
    """Training only: lead-in words, made-up words and single typing slips, so that odd queries do no harm."""
    roll = rng.random()
    if roll < 0.15:
        text = rng.choice(EN_LEADS if lang == "en" else FR_LEADS).format(text)
    elif roll < 0.22:
        words = text.split(" ")
        made_up = "".join(rng.choice(string.ascii_lowercase) for _ in range(rng.randint(3, 9)))
        words.insert(rng.randint(0, len(words)), made_up)
        text = " ".join(words)
    elif roll < 0.27:
        words = text.split(" ")
        i = max(range(len(words)), key=lambda j: (len(words[j]) > 4) * rng.random())
        w = words[i]
        if len(w) > 4:
            j = rng.randint(1, len(w) - 2)
            words[i] = rng.choice((w[:j] + w[j + 1:], w[:j] + w[j + 1] + w[j] + w[j + 2:], w[:j] + w[j] + w[j:]))
        text = " ".join(words)
    return text
