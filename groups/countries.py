"""Countries: their codes, their names in both languages, and the time most of their people keep."""

from functools import cache

from .country_names import COUNTRY_NAMES
from .text import fold

# ISO 3166-1 alpha-2, and XK, by which everybody but ISO writes Kosovo.
COUNTRIES = tuple(COUNTRY_NAMES)

# What people write besides the names of the table. « Congo » alone is not here: there are two.
ALIASES = {
    "BA": ["Bosnie", "Bosnia"],
    "BE": ["België", "Belgien"],
    "BO": ["État plurinational de Bolivie", "Plurinational State of Bolivia"],
    "BN": ["Brunei Darussalam"],
    "BR": ["Brasil"],
    "CD": ["RDC", "RD Congo", "DR Congo", "DRC", "Congo-Kinshasa", "Congo (RDC)", "Zaïre"],
    "CF": ["Centrafrique", "RCA"],
    "CG": ["Congo-Brazzaville"],
    "CH": ["Schweiz", "Svizzera", "Confédération suisse"],
    "CI": ["Ivory Coast", "RCI"],
    "CV": ["Cabo Verde", "Cap Vert"],
    "CZ": ["République tchèque", "Czech Republic"],
    "DE": ["Deutschland"],
    "ES": ["España"],
    "FM": ["États fédérés de Micronésie", "Federated States of Micronesia"],
    "GB": [
        *["UK", "Grande-Bretagne", "Great Britain", "Angleterre", "England"],
        *["Écosse", "Scotland", "Pays de Galles", "Wales", "Irlande du Nord", "Northern Ireland"],
    ],
    "GN": ["Guinée-Conakry", "Guinea-Conakry"],
    "GR": ["EL", "Hellas"],
    "HK": ["Hong Kong SAR China", "R.A.S. chinoise de Hong Kong"],
    "IR": ["République islamique d’Iran", "Islamic Republic of Iran"],
    "IT": ["Italia"],
    "KP": ["DPRK", "République populaire démocratique de Corée"],
    "KR": ["Corée", "Korea", "République de Corée", "Republic of Korea"],
    "LA": ["Lao PDR"],
    "MA": ["Al-Maghrib"],
    "MD": ["République de Moldavie", "Republic of Moldova"],
    "MK": ["Macédoine", "Macedonia"],
    "MM": ["Burma", "Myanmar (Birmanie)", "Myanmar (Burma)"],
    "MO": ["Macao SAR China", "Macau"],
    "MU": ["Île Maurice"],
    "NL": ["Hollande", "Holland", "Nederland"],
    "PL": ["Polska"],
    "PS": ["Territoires palestiniens", "Palestinian Territories", "State of Palestine"],
    "RU": ["Fédération de Russie", "Russian Federation"],
    "ST": ["São Tomé et Príncipe", "Sao Tome and Principe"],
    "SY": ["République arabe syrienne", "Syrian Arab Republic"],
    "SZ": ["Swaziland"],
    "TL": ["Timor-Leste", "East Timor"],
    "TR": ["Turkey"],
    "TW": ["Taiwan, Province of China"],
    "TZ": ["République-Unie de Tanzanie", "United Republic of Tanzania"],
    "US": ["États-Unis d’Amérique", "United States of America"],
    "VA": ["Vatican", "Saint-Siège", "Holy See"],
    "VN": ["Viet Nam"],
    "XK": ["XKX"],
}
_ARTICLES = {"la", "le", "les", "l", "the"}


def country_name(code, language):
    """Return the name of a country in French or English; "" for an unknown code."""
    names = COUNTRY_NAMES.get(code)
    if names is None:
        return ""
    return names[0] if language.startswith("fr") else names[1]


def country_code(text):
    """Return the code of a country given by its code or by a name of it, or None."""
    words = fold(text).split()
    codes = _codes_by_name()
    code = codes.get("".join(words))
    if code is None and words and words[0] in _ARTICLES:
        code = codes.get("".join(words[1:]))
    return code


def default_time_zone(code):
    """Return the name of the time zone in which most people of a country live, or None."""
    names = COUNTRY_NAMES.get(code)
    return (names[3] or None) if names else None


@cache
def _codes_by_name():
    """Return the code for every folded way of writing, without spaces: U.S.A. is USA."""
    codes = {}
    for code, (french, english, longer_code, _) in COUNTRY_NAMES.items():
        for name in (code, longer_code, french, english, *ALIASES.get(code, ())):
            # St. and & are written out or not, as one likes.
            for spelling in (name, name.replace("St.", "Saint").replace("&", "and")):
                codes.setdefault(_key(spelling), code)
    return codes


def _key(name):
    return "".join(fold(name).split())
