"""The columns of an exchanged file, and the names other people give them."""

import re

from ..text import fold

SERVICE_KINDS = (
    "home",
    "news",
    "meetings",
    "discussions",
    "projects",
    "resources",
    "inspiring_projects",
    "join",
    "leave",
    "members",
    "admin",
    "follow_up",
)
URL_COLUMNS = tuple(f"{kind}_url" for kind in SERVICE_KINDS)
COLUMNS = (
    "short_name",
    "name",
    "tagline",
    "kind",
    "description",
    "keywords",
    "country",
    "region",
    "latitude",
    "longitude",
    "member_count",
    "activity",
    "contact_email",
    *URL_COLUMNS,
    "partners",
)

# Case, accents, punctuation and the bf_ of YesWiki are left out of the comparison. Where two
# headers of a file mean one column, the one that stands first here is taken.
ALIASES = {
    "short_name": ["slug", "nom court", "identifiant", "code", "id groupe", "group id"],
    "name": [
        *["nom", "title", "titre", "nom du groupe", "group name", "nom long", "long name"],
        *["intitulé", "label", "libellé", "groupe", "group"],
    ],
    "tagline": [
        *["summary", "description courte", "short description", "description en une ligne"],
        *["résumé", "en une ligne", "one line", "accroche", "slogan", "baseline", "chapeau"],
        *["chapô", "sous-titre", "subtitle", "en bref"],
    ],
    "kind": ["type", "type de groupe", "group type", "genre", "nature"],
    "description": [
        *["description longue", "long description", "texte", "text", "présentation", "about"],
        *["à propos", "contenu", "content", "détails", "details"],
    ],
    "keywords": [
        *["tags", "mots clés", "mot clé", "keyword", "tag", "étiquettes", "thèmes", "thème"],
        *["thématiques", "topics", "subjects", "sujets", "catégories", "categories"],
        *["catégorie", "category", "domaines"],
    ],
    "country": ["pays", "country code", "code pays", "pays code", "addr country"],
    "region": [
        *["région", "territoire", "territory", "ville", "city", "addr city", "commune"],
        *["localité", "lieu", "place", "town", "département", "province", "state"],
    ],
    "latitude": [
        *["lat", "y", "geo lat", "coord lat", "latitude wgs84"],
        # These hold both numbers; the cell is taken apart when it is cleaned.
        *["position", "coordonnées", "coordinates", "coordonnées gps", "gps", "geo point 2d"],
        *["latlng", "lat lng", "lat lon", "latitude longitude", "géolocalisation"],
        *["geolocation", "carte google", "geopoint"],
    ],
    "longitude": ["lon", "lng", "long", "x", "geo lon", "geo lng", "coord lon", "longitude wgs84"],
    "member_count": [
        *["nombre de membres", "nb membres", "nb de membres", "number of members", "membres"],
        *["members", "effectif", "size", "taille", "nombre d’adhérents", "adhérents"],
    ],
    "activity": ["niveau d’activité", "niveau activité", "activity level", "activité"],
    "contact_email": [
        *["email", "e-mail", "mail", "courriel", "adresse mail", "adresse e-mail", "adresse email"],
        *["contact", "mél", "email address", "contact mail"],
    ],
    "home_url": [
        *["url", "site", "site web", "website", "site internet", "web", "homepage", "home page"],
        *["home", "page d’accueil", "accueil", "lien", "link", "page web", "adresse web"],
    ],
    "news_url": [
        *["actualités", "actus", "news", "nouvelles", "blog", "informations", "infos"],
        *["réseau social", "facebook"],
    ],
    "meetings_url": [
        *["réunions", "rencontres", "agenda", "calendrier", "calendar", "meetings", "événements"],
        *["events", "visio"],
    ],
    "discussions_url": [
        *["discussions", "discussion", "liste de discussion", "mailing list", "forum", "chat"],
        *["échanges", "archives"],
    ],
    "projects_url": ["projets", "projects", "actions", "actions et projets", "projets en cours"],
    "resources_url": ["ressources", "resources", "productions", "documents", "documentation"],
    "inspiring_projects_url": ["projets inspirants", "inspiring projects", "projets à copier"],
    "join_url": [
        *["inscription", "rejoindre", "s’inscrire", "adhérer", "adhésion", "join", "sign up"],
        *["subscribe", "registration", "participer"],
    ],
    "leave_url": [
        "désinscription",
        "quitter",
        "se désinscrire",
        "leave",
        "sign out",
        "unsubscribe",
    ],
    "members_url": ["liste des membres", "annuaire des membres", "list of members", "annuaire"],
    "admin_url": ["administration", "admin", "page d’administration", "gestion"],
    "follow_up_url": [
        *["suivi", "document de suivi", "fiche de suivi", "suivi des projets", "follow up"],
        *["suivi de projet", "tableau de suivi"],
    ],
    "partners": ["partenaires", "partner", "partenaire", "soutiens", "organisations partenaires"],
}

_LINK_WORDS = {
    *["url", "lien", "link", "page", "adresse", "web", "vers", "pour", "to", "the", "of"],
    *["la", "le", "les", "l", "de", "du", "des", "d"],
}
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# YesWiki names a choice after the list it is made from: checkboxListeThematiques.
_BAZAR_CHOICE = re.compile(
    r"(?:checkbox|liste|radio)\w*(?:theme|thematique|motcle|tag|categorie|domaine)"
)


def understand(headers):
    """Return ``({header: column}, [ignored headers])`` for the headers of a file.

    Two headers may both be keywords; any other column is taken from one header only.
    """
    found = {}
    for header in headers:
        if match := _column_of(header):
            column, rank = match
            found.setdefault(column, []).append((rank, header))
    taken = {}
    for column, matches in found.items():
        # Stable: of two that are equally good, the first in the file.
        matches.sort(key=lambda match: match[0])
        for _, header in matches if column == "keywords" else matches[:1]:
            taken[header] = column
    mapping = {header: taken[header] for header in headers if header in taken}
    return mapping, [header for header in dict.fromkeys(headers) if header not in taken and header]


def keywords_cell(names):
    """Write keywords as one cell, which is read as the same keywords again."""
    cell = ", ".join(names)
    # Alone and with another separator in it, a keyword would be taken for a list.
    return f"{cell}," if len(names) == 1 and re.search("[;|\n]", cell) else cell


def partners_cell(partners):
    """Write partners as one cell, which is read as the same partners again."""
    pairs = (
        (
            partner.get("name", "").replace(";", ",").replace("|", "/"),
            partner.get("url", "").replace(";", "%3B").replace("|", "%7C"),
        )
        for partner in partners
    )
    return "; ".join(f"{name}|{url}" if url else name for name, url in pairs)


def _column_of(header):
    """Return (column, rank) for one header, the lowest rank being the surest, or None."""
    text = str(header)
    folded = fold(text)
    spellings = [folded, folded.removeprefix("bf "), fold(_IN_BRACKETS.sub(" ", text))]
    for doubt, spelling in enumerate(spellings):
        if match := _KNOWN.get(spelling.replace(" ", "")):
            return match[0], 10 * match[1] + doubt
    bare = "".join(word for word in spellings[1].split() if word not in _LINK_WORDS)
    match = _KNOWN.get(bare)
    if match and match[0] in URL_COLUMNS:
        return match[0], 10 * match[1] + 3
    if _BAZAR_CHOICE.match(folded.replace(" ", "")):
        return "keywords", 1000
    return None


def _known_names():
    known = {}
    for column in COLUMNS:
        for rank, name in enumerate([column, *ALIASES[column]]):
            known.setdefault(fold(name).replace(" ", ""), (column, rank))
    return known


_KNOWN = _known_names()
