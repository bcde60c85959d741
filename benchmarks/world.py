"""An invented world of any size, the same for the same seed; a larger one begins like a smaller.

Words, keywords, countries and towns are as unevenly used as in life (Zipf), and positions lie
around towns. A tenth of the groups carry one keyword, and a rare, a middling and a common word are
planted, so that a page asks for the same of a small world and of a large one.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate

from groups.text import fold

SEED = 20_26
ECOSYSTEM = "bench-eco"
# One group in ten carries the keyword, all of them listed: 1,000 of 10,000.
ONE_IN_ECOSYSTEM = 10

# Nothing else in this world begins like these. The first stands in as many groups of a large world
# as of a small one, like the name of a village; the others in one group of so many.
RARE, MIDDLING, COMMON = "wolfram", "waterwheel", "workshop"
RARE_GROUPS = 12
SHARES = {MIDDLING: 50, COMMON: 2}
TIERS_OF_A_WORD = ("name", "tagline", "tagline", "description")

COUNTRIES = (
    "FR BJ BE CA SN CI CH TG CM BF ML MG CD GN NE MA TN DZ RW BI GA CG TD HT LU MU DJ KM LB NC"
    " US GB DE ES IT PT BR MX AR JP RU EG IN KE NG GH ZA AU NZ NL SE NO FI DK PL UA GR TR KR ID"
).split()
TOWNS = 400
VOCABULARY = 12_000
KEYWORDS = 2_000
DAYS = 1_500
BEGINNING = datetime(2022, 1, 1, 12, tzinfo=UTC)

ONSETS = "b c ch d f g gr j l m n p pr qu r s t tr v".split()
VOWELS = "a e i o u é è ê ai au eau ou on an in œu ï".split()
ENDINGS = ["", "", "", "s", "t", "r", "l", "lle", "tte", "nce", "ge"]
# Names of other scripts are made of these; some scripts write no spaces.
SCRIPTS = (
    ("", "東京 京都 大阪 地域 修理 図書館 菜園 みんなの 広場 の 会 カフェ 自転車 青空".split()),
    (" ", "Наш Общий Дом Сад Город Мастерская Двор Книга Река Соседи Весна Вместе".split()),
    (" ", "دار المدينة حديقة نادي القراء ورشة الحي أصدقاء النهر السوق بيت الجيران".split()),
)
OTHER_SCRIPTS = 0.08

KINDS, KIND_WEIGHTS = ("territorial", "thematic", "support"), (60, 34, 6)
ACTIVITIES, ACTIVITY_WEIGHTS = ("active", "preparing", "asleep", "archived"), (78, 8, 10, 4)
LISTED_ACTIVITIES = 3
MORE_SERVICES = (
    "news meetings discussions projects resources inspiring_projects leave members follow_up"
).split()


@dataclass(slots=True)
class MadeGroup:
    """A group as `groups.models.Group` has it, with what lies beside it; ``pk`` counts from 1."""

    pk: int
    short_name: str
    name: str
    tagline: str
    kind: str
    activity: str
    review: str
    description: str
    country: str
    region: str
    latitude: float | None
    longitude: float | None
    position_is_approximate: bool
    member_count: int | None
    created_at: datetime
    confirmed_at: datetime | None
    # Positions in `World.keywords`.
    keywords: list[int]
    services: dict[str, str] = field(default_factory=dict)
    # Derived; loading fills it in.
    name_key: str = ""

    @property
    def shelf(self):
        if self.review != "published":
            return 0
        return 2 if self.activity == "archived" else 1


class World:
    """Everything groups are made of, and the groups."""

    def __init__(self, seed=SEED):
        self.seed = seed

    @cached_property
    def words(self):
        """The vocabulary, the most used word first."""
        chance = random.Random(f"{self.seed} words")
        words = {}
        while len(words) < VOCABULARY:
            syllables = chance.choices((1, 2, 3), (2, 6, 2))[0]
            word = "".join(chance.choice(ONSETS) + chance.choice(VOWELS) for _ in range(syllables))
            words[word + chance.choice(ENDINGS)] = None
        return list(words)

    @cached_property
    def keywords(self):
        """The names of the keywords, the most used first, after that of the ecosystem."""
        chance = random.Random(f"{self.seed} keywords")
        names = {fold(ECOSYSTEM): ECOSYSTEM}
        while len(names) < KEYWORDS:
            name = " ".join(chance.choices(self.words, k=chance.choice((1, 1, 1, 2))))
            names.setdefault(fold(name), name)
        return list(names.values())

    @cached_property
    def towns(self):
        """(name, country, latitude, longitude), the largest first."""
        chance = random.Random(f"{self.seed} towns")
        centres = {
            country: (chance.uniform(-35, 58), chance.uniform(-120, 150)) for country in COUNTRIES
        }
        weights = _zipf(len(COUNTRIES), 0.9)
        return [
            (
                chance.choice(self.words).capitalize(),
                country,
                centres[country][0] + chance.gauss(0, 2),
                centres[country][1] + chance.gauss(0, 2.5),
            )
            for country in chance.choices(COUNTRIES, cum_weights=weights, k=TOWNS)
        ]

    def groups(self, count):
        """Yield the first ``count`` groups."""
        chance = random.Random(f"{self.seed} groups")
        words, of_words = self.words, _zipf(VOCABULARY, 0.95)
        keywords, of_keywords = range(1, KEYWORDS), _zipf(KEYWORDS - 1, 0.8)
        towns, of_towns = self.towns, _zipf(TOWNS, 0.8)

        def some_words(number):
            return " ".join(chance.choices(words, cum_weights=of_words, k=number))

        for pk in range(1, count + 1):
            is_member = (pk + pk // ONE_IN_ECOSYSTEM) % ONE_IN_ECOSYSTEM == 0
            town, country, latitude, longitude = chance.choices(towns, cum_weights=of_towns)[0]
            is_placed, is_approximate = chance.random() < 0.85, chance.random() < 0.15
            texts = {
                "name": f"{some_words(chance.choice((1, 2, 2, 3))).capitalize()} de {town}",
                "tagline": some_words(chance.randint(5, 12)).capitalize(),
                "description": (
                    some_words(chance.randint(15, 45)).capitalize() if chance.random() < 0.5 else ""
                ),
            }
            if chance.random() < OTHER_SCRIPTS:
                between, script = chance.choice(SCRIPTS)
                texts["name"] = between.join(chance.choices(script, k=chance.randint(2, 4)))
            _plant(texts, pk)
            own = chance.choices(
                keywords, cum_weights=of_keywords, k=chance.choice((2, 3, 4, 5, 6))
            )
            number_of_services = chance.choices((0, 1, 3, 6), (3, 4, 2, 1))[0]
            site = f"https://groupe-{pk}.example.org"
            services = {"home": f"{site}/"} if chance.random() < 0.8 else {}
            if chance.random() < 0.7:
                services["join"] = f"{site}/join/"
            for kind in chance.sample(MORE_SERVICES, number_of_services):
                services[kind] = f"{site}/{kind}/"
            born = BEGINNING + timedelta(days=chance.randrange(DAYS))
            yield MadeGroup(
                pk=pk,
                short_name=f"groupe-{pk}",
                **texts,
                kind=chance.choices(KINDS, KIND_WEIGHTS)[0],
                activity=_one_of(chance, ACTIVITIES, ACTIVITY_WEIGHTS, is_member),
                review="published" if is_member or chance.random() < 0.98 else "pending",
                country=country if chance.random() < 0.95 else "",
                region=town if chance.random() < 0.7 else "",
                latitude=latitude + chance.gauss(0, 0.12) if is_placed else None,
                longitude=longitude + chance.gauss(0, 0.12) if is_placed else None,
                position_is_approximate=is_placed and is_approximate,
                member_count=(
                    int(chance.lognormvariate(4.8, 0.9)) + 1 if chance.random() < 0.7 else None
                ),
                created_at=born,
                confirmed_at=(
                    born + timedelta(days=chance.randrange(200)) if chance.random() < 0.6 else None
                ),
                keywords=list(dict.fromkeys([0, *own] if is_member else own)),
                services=services,
            )


def _plant(texts, pk):
    """Put the planted words where their turn comes, one in a name, two in taglines, and so on."""
    planted = [(RARE, pk)] if pk <= RARE_GROUPS else []
    planted += [(word, pk // one_in) for word, one_in in SHARES.items() if pk % one_in == 1]
    for word, turn in planted:
        tier = TIERS_OF_A_WORD[turn % len(TIERS_OF_A_WORD)]
        texts[tier] = f"{texts[tier]} {word}".strip()


def _one_of(chance, activities, weights, is_listed):
    few = LISTED_ACTIVITIES if is_listed else len(activities)
    return chance.choices(activities[:few], weights[:few])[0]


def _zipf(number, exponent):
    """Return cumulative weights: the second is used 2^exponent times less than the first."""
    return list(accumulate(1 / rank**exponent for rank in range(1, number + 1)))
