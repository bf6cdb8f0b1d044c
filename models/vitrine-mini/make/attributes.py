"""The attribute space of the drawn products.

A product is the tuple (kind, colour, pattern, second, finish). ``second`` is the
colour of the pattern and is "" when the pattern is "plain". Everything that a
description can say about a product is one of these five attributes.
"""
from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of product: how people call it and how its pattern is scaled."""

    name: str
    en: tuple[str, ...]
    fr: tuple[tuple[str, str], ...]  # (noun, gender), gender in m, f, mp, fp
    scale: float = 1.0  # size of the pattern on this kind, 1 = normal


def _k(name: str, en: str, fr: str, scale: float = 1.0) -> Kind:
    """Parse "a|b" and "noun:m|noun:f" into a Kind."""
    nouns = tuple((n.split(":")[0], n.split(":")[1]) for n in fr.split("|"))
    return Kind(name, tuple(en.split("|")), nouns, scale)


KINDS: tuple[Kind, ...] = (
    _k("mug", "mug|coffee mug|cup|coffee cup", "tasse:f|mug:m|tasse à café:f"),
    _k("t-shirt", "t-shirt|tee|tshirt|tee shirt", "t-shirt:m|tee-shirt:m|tshirt:m"),
    _k("sneaker", "sneaker|sneakers|trainers|running shoe|gym shoe", "basket:f|chaussure de sport:f|tennis:f"),
    _k("handbag", "handbag|purse|hand bag|ladies bag", "sac à main:m|pochette:f"),
    _k("lamp", "lamp|table lamp|desk lamp|bedside lamp", "lampe:f|lampe de chevet:f|lampe de bureau:f"),
    _k("chair", "chair|kitchen chair|dining chair", "chaise:f|chaise de cuisine:f"),
    _k("vase", "vase|flower vase|tall vase", "vase:m|vase à fleurs:m"),
    _k("backpack", "backpack|rucksack|school bag", "sac à dos:m|cartable:m"),
    _k("hat", "hat|sun hat|brimmed hat", "chapeau:m|chapeau de soleil:m", 0.8),
    _k("sofa", "sofa|couch|settee", "canapé:m|sofa:m|divan:m"),
    _k("bottle", "bottle|water bottle|drinking bottle", "bouteille:f|gourde:f", 0.8),
    _k("watch", "watch|wristwatch|wrist watch", "montre:f|montre-bracelet:f", 0.65),
    _k("sunglasses", "sunglasses|shades|sun glasses", "lunettes de soleil:fp|lunettes:fp", 0.65),
    _k("umbrella", "umbrella|parasol|brolly", "parapluie:m|ombrelle:f"),
    _k("teapot", "teapot|tea pot|kettle", "théière:f|bouilloire:f"),
    _k("clock", "clock|alarm clock|table clock", "horloge:f|réveil:m|pendule:f", 0.7),
    _k("guitar", "guitar|acoustic guitar", "guitare:f|guitare acoustique:f", 0.8),
    _k("scarf", "scarf|winter scarf|wool scarf", "écharpe:f|cache-nez:m|foulard:m", 0.75),
    _k("dress", "dress|summer dress|gown", "robe:f|robe d'été:f"),
    _k("boot", "boot|boots|rain boot|wellington", "botte:f|bottes:fp|botte de pluie:f"),
    _k("cap", "cap|baseball cap|peaked cap", "casquette:f|casquette de baseball:f", 0.8),
    _k("trousers", "trousers|pants|jeans|slacks", "pantalon:m|jean:m", 0.85),
    _k("skirt", "skirt|short skirt|pleated skirt", "jupe:f|jupe courte:f"),
    _k("sock", "sock|socks|ankle sock", "chaussette:f|chaussettes:fp", 0.85),
    _k("mitten", "mitten|mittens|glove|winter glove", "moufle:f|gant:m|mitaine:f", 0.9),
    _k("tie", "tie|necktie|neck tie", "cravate:f", 0.65),
    _k("suitcase", "suitcase|luggage|travel case|trolley case", "valise:f|bagage:m"),
    _k("cushion", "cushion|pillow|throw pillow", "coussin:m|oreiller:m"),
    _k("plate", "plate|dish|dinner plate", "assiette:f|assiette plate:f"),
    _k("bowl", "bowl|cereal bowl|salad bowl", "bol:m|saladier:m", 0.9),
    _k("candle", "candle|scented candle|pillar candle", "bougie:f|bougie parfumée:f", 0.8),
    _k("balloon", "balloon|party balloon", "ballon de fête:m|ballon gonflable:m"),
    _k("kite", "kite|toy kite|flying kite", "cerf-volant:m"),
    _k("notebook", "notebook|book|diary|journal", "carnet:m|cahier:m|livre:m"),
    _k("headphones", "headphones|headset|earphones", "casque audio:m|écouteurs:mp", 0.65),
    _k("skateboard", "skateboard|skate board|skate", "planche à roulettes:f|skateboard:m|skate:m", 0.75),
    _k("surfboard", "surfboard|surf board|longboard", "planche de surf:f|surf:m", 0.8),
    _k("stool", "stool|bar stool|footstool", "tabouret:m|tabouret de bar:m", 0.8),
    _k("rug", "rug|carpet|floor mat", "tapis:m|carpette:f"),
    _k("gift-box", "gift box|present|gift", "boîte cadeau:f|cadeau:m|paquet cadeau:m"),
    _k("bow-tie", "bow tie|bowtie|dicky bow", "noeud papillon:m|papillon:m", 0.8),
    _k("flower-pot", "flower pot|plant pot|planter|potted plant", "pot de fleurs:m|cache-pot:m"),
    _k("saucepan", "saucepan|cooking pot|pan", "casserole:f|poêle:f", 0.85),
    _k("phone-case", "phone case|phone cover|mobile case", "coque de téléphone:f|étui de téléphone:m"),
    _k("shorts", "shorts|short pants|bermudas", "short:m|bermuda:m"),
    _k("high-heel", "high heel|high heels|pump|stiletto", "escarpin:m|talon aiguille:m|escarpins:mp", 0.7),
    _k("toy-car", "toy car|car|model car", "voiture:f|petite voiture:f|voiture miniature:f", 0.8),
    _k("teddy-bear", "teddy bear|teddy|stuffed bear|plush bear", "ours en peluche:m|nounours:m|peluche:f", 0.85),
    _k("flip-flop", "flip-flop|flip flop|sandal|beach sandal", "tong:f|sandale:f|claquette:f", 0.75),
    _k("tent", "tent|camping tent|camp tent", "tente:f|tente de camping:f"),
)
KIND_INDEX = {k.name: i for i, k in enumerate(KINDS)}

# Wider words: (English words, French words with gender, the kinds they cover).
GROUPS: tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...]], ...] = (
    (("shoe", "shoes", "footwear"), (("chaussure", "f"), ("chaussures", "fp")),
     ("sneaker", "boot", "high-heel", "flip-flop")),
    (("bag",), (("sac", "m"),), ("handbag", "backpack")),
    (("piece of clothing", "garment", "clothes"), (("vêtement", "m"), ("habit", "m")),
     ("t-shirt", "dress", "trousers", "skirt", "shorts")),
    (("piece of furniture", "furniture"), (("meuble", "m"),), ("chair", "sofa", "stool")),
    (("tableware", "crockery"), (("vaisselle", "f"),), ("mug", "plate", "bowl", "teapot")),
    (("toy",), (("jouet", "m"),), ("toy-car", "teddy-bear", "kite", "balloon")),
    (("seat",), (("siège", "m"),), ("chair", "sofa", "stool")),
    (("headwear",), (("couvre-chef", "m"),), ("hat", "cap")),
    (("item", "product", "thing", "object"), (("article", "m"), ("produit", "m"), ("objet", "m")),
     tuple(k.name for k in KINDS)),
)


@dataclass(frozen=True)
class Colour:
    """A colour: its name, its sRGB centre (0..255) and its words."""

    name: str
    rgb: tuple[int, int, int]
    en: tuple[str, ...]
    fr: tuple[tuple[str, str, str, str], ...]  # masculine, feminine, and their plurals


COLOURS: tuple[Colour, ...] = (
    Colour("red", (206, 30, 38), ("red", "red", "scarlet", "crimson"),
           (("rouge", "rouge", "rouges", "rouges"), ("écarlate", "écarlate", "écarlates", "écarlates"))),
    Colour("orange", (245, 130, 18), ("orange", "orange", "tangerine"), (("orange",) * 4,)),
    Colour("yellow", (248, 214, 40), ("yellow", "yellow", "lemon yellow"), (("jaune", "jaune", "jaunes", "jaunes"),)),
    Colour("green", (34, 140, 52), ("green", "green", "grass green"), (("vert", "verte", "verts", "vertes"),)),
    Colour("turquoise", (52, 200, 196), ("turquoise", "teal", "aqua", "cyan"), (("turquoise",) * 4, ("bleu-vert",) * 4)),
    Colour("blue", (32, 70, 190), ("blue", "blue", "royal blue"), (("bleu", "bleue", "bleus", "bleues"),)),
    Colour("purple", (120, 44, 160), ("purple", "violet", "purple"),
           (("violet", "violette", "violets", "violettes"), ("mauve", "mauve", "mauves", "mauves"))),
    Colour("pink", (248, 138, 184), ("pink", "pink", "rose"), (("rose", "rose", "roses", "roses"),)),
    Colour("brown", (112, 66, 30), ("brown", "brown", "chocolate"),
           (("marron",) * 4, ("brun", "brune", "bruns", "brunes"))),
    Colour("black", (26, 26, 30), ("black", "black", "jet black"), (("noir", "noire", "noirs", "noires"),)),
    Colour("white", (246, 246, 242), ("white", "white", "snow white"), (("blanc", "blanche", "blancs", "blanches"),)),
    Colour("grey", (140, 142, 146), ("grey", "gray", "grey"), (("gris", "grise", "gris", "grises"),)),
)
COLOUR_INDEX = {c.name: i for i, c in enumerate(COLOURS)}

PATTERNS: tuple[str, ...] = ("plain", "striped", "dotted", "checked", "zigzag", "two-tone")
PATTERN_INDEX = {p: i for i, p in enumerate(PATTERNS)}
FINISHES: tuple[str, ...] = ("matt", "glossy")
FINISH_INDEX = {f: i for i, f in enumerate(FINISHES)}


@dataclass(frozen=True)
class Product:
    """One product: its full attribute tuple."""

    kind: str
    colour: str
    pattern: str
    second: str
    finish: str

    def key(self) -> str:
        """A stable text key, unique to the attribute tuple."""
        return "/".join((self.kind, self.colour, self.pattern, self.second, self.finish))

    def split(self) -> str:
        """"test" for a tenth of all tuples, "val" for a twentieth, else "train", by a hash of the key.

        Training sees only "train"; "val" is looked at while training, "test" only by evaluate.py and
        the sample pictures.
        """
        byte = hashlib.sha256(self.key().encode()).digest()[0]
        return "test" if byte < 26 else "val" if byte < 39 else "train"

    def indices(self) -> tuple[int, int, int, int, int]:
        """(kind, colour, pattern, second, finish) as class numbers; no second colour is 12."""
        return (KIND_INDEX[self.kind], COLOUR_INDEX[self.colour], PATTERN_INDEX[self.pattern],
                COLOUR_INDEX[self.second] if self.second else len(COLOURS), FINISH_INDEX[self.finish])


def all_products() -> list[Product]:
    """Every attribute tuple, in a fixed order."""
    out = []
    for kind in KINDS:
        for colour in COLOURS:
            for pattern in PATTERNS:
                seconds = [""] if pattern == "plain" else [c.name for c in COLOURS if c != colour]
                out += [Product(kind.name, colour.name, pattern, s, f) for s in seconds for f in FINISHES]
    return out


def draw_products(count: int, split: str, rng: random.Random, distinct: bool) -> list[Product]:
    """Draw products of one split, kinds in turn, about 3 in 10 of them plain.

    With ``distinct`` no tuple comes twice.
    """
    pools: dict[tuple[str, bool], list[Product]] = {}
    for p in all_products():
        if p.split() == split:
            pools.setdefault((p.kind, p.pattern == "plain"), []).append(p)
    if distinct:
        for pool in pools.values():
            rng.shuffle(pool)
    out: list[Product] = []
    while len(out) < count:
        for kind in KINDS:
            pool = pools.get((kind.name, rng.random() < 0.3), [])
            if not pool:  # few plain products of a kind are held out, at times none is left
                pool = pools[kind.name, False]
            out.append(pool.pop() if distinct else rng.choice(pool))
    return out[:count]
