"""Which languages the inputs are in, by their script and their commonest words."""

from __future__ import annotations

import re
from collections import Counter

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft
from experiments.dataset.table import some

NAME = "languages"
SAMPLE_ROWS = 3_000
SHARE, FEWEST = 0.05, 3
FEWEST_WORDS = 2
SCRIPTS = (
    ("Japanese", re.compile("[\u3040-\u30ff]")),
    ("Korean", re.compile("[\uac00-\ud7af]")),
    ("Chinese", re.compile("[\u4e00-\u9fff]")),
    ("Thai", re.compile("[\u0e00-\u0e7f]")),
    ("Arabic script", re.compile("[\u0600-\u06ff]")),
    ("Hebrew", re.compile("[\u0590-\u05ff]")),
    ("Cyrillic script", re.compile("[\u0400-\u04ff]")),
    ("Greek", re.compile("[\u0370-\u03ff]")),
    ("Devanagari script", re.compile("[\u0900-\u097f]")),
    ("Tamil", re.compile("[\u0b80-\u0bff]")),
    ("Bengali", re.compile("[\u0980-\u09ff]")),
)
# common words of each language; a word of two languages speaks for both
WORDS = {
    "English": (
        "the is are was were have has had not you your my we they this that with what when how why can "
        "will would please of a to and it i be for"
    ),
    "German": (
        "der das und ist nicht ich sie wir ein eine einen mit für auf dem den wie wird kann haben habe "
        "mein meine bitte zu im sich auch"
    ),
    "French": (
        "le les est une des et je vous nous pas mon votre avec pour dans qui sur mes c'est cette ce du au ne sont la"
    ),
    "Spanish": ("el los las una es y mi su con por para pero como qué está esto usted muy del al lo se más son la"),
    "Italian": ("il gli è che di un una non per con sono mio come questo della nel anche più cosa ho ha ma alla la"),
    "Portuguese": ("os um uma não é para por mais meu você isso está como da na ao muito foi são de que"),
    "Dutch": ("het een en niet ik je mijn met voor van dat wat hoe wij zijn deze naar ook maar heb"),
    "Finnish": ("ja ei se että hän minä olen mutta kun mitä sinä nyt tämä joka ovat niin kuin oli olet ole tässä"),
    "Swedish": ("och att det är jag inte en ett som på för med har vi du av den kan om"),
    "Polish": ("nie się na jest że jak co ale mój moja proszę czy po dla tak już mnie są"),
    "Turkish": ("ve bir bu için ben değil ne var çok ama daha gibi mi benim nasıl lütfen olarak kadar sen"),
}
INDEX: dict[str, list[str]] = {}
for _language, _words in WORDS.items():
    for _word in _words.split():
        INDEX.setdefault(_word, []).append(_language)
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
LOOK_AT_CHARACTERS = 400


def language(text: str) -> str | None:
    """The likeliest language of a text, or None if its words do not say."""
    start = text[:LOOK_AT_CHARACTERS]
    if not start.isascii():
        letters = sum(character.isalpha() for character in start)
        for name, pattern in SCRIPTS:
            if letters and len(pattern.findall(start)) >= 0.3 * letters:
                return name
    hits: Counter[str] = Counter()
    for word in WORD.findall(start.lower().replace("’", "'")):
        for name in INDEX.get(word, ()):
            hits[name] += 1
    best = hits.most_common(2)
    if not best or best[0][1] < FEWEST_WORDS or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    return best[0][0]


def run(draft: Draft) -> list[Finding]:
    """A warning when there are several, a note when it is one other than English."""
    places = draft.sample(SAMPLE_ROWS)
    known = [(place, found) for place in places if (found := language(draft.examples[place].input)) is not None]
    counts = Counter(found for _, found in known)
    often = {name: count for name, count in counts.most_common() if count >= max(FEWEST, SHARE * len(known))}
    if not often:
        return []
    shown = ", ".join(f"{name} {count / len(known):.0%}" for name, count in often.items())
    main = next(iter(often))
    if len(often) == 1:
        text = f"The inputs are mostly {main} (looked at {draft.of_sample(len(places))})."
        return [] if main == "English" else [Finding(NAME, "note", text)]
    rows = [draft.examples[place].row for place, found in known if found != main and found in often]
    text = f"Several languages: {shown} (looked at {draft.of_sample(len(places))}; judged roughly)."
    mend = "A base model or word counts may treat them unequally; look at the scores per language."
    return [Finding(NAME, "warn", text, some(rows), mend)]
