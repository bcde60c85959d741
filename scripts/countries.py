"""Write groups/country_names.py from Babel and the system's time zone table.

Run by hand (``python scripts/countries.py``) when either changes: at run time neither is needed.
"""

import sys
import zoneinfo
from pathlib import Path

from babel import Locale
from babel.core import get_global

TARGET = Path(__file__).resolve().parent.parent / "groups" / "country_names.py"

# Where the names of Unicode are longer, or less neutral to read, than what people write.
SHORTER = {
    "CD": ("République démocratique du Congo", "Democratic Republic of the Congo"),
    "CG": ("République du Congo", "Republic of the Congo"),
    "HK": ("Hong Kong", "Hong Kong"),
    "MM": ("Birmanie", "Myanmar"),
    "MO": ("Macao", "Macao"),
    "PS": ("Palestine", "Palestine"),
}

# The zone most people of the country live in, where the country has several or none of its own.
MOST_POPULOUS = {
    "AQ": "Antarctica/McMurdo",
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Chuuk",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UM": "Pacific/Midway",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
    "XK": "Europe/Belgrade",
}

# Three-letter codes of countries that are no more, or are called otherwise now.
FORMER_CODES = {"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"}

HEAD = '''"""Every country: names in French and English, three-letter code, main time zone.

Written by scripts/countries.py from Babel (Unicode CLDR) and the tz database; not edited by hand.
"""

COUNTRY_NAMES = {
'''


def table_lines(name):
    """Return the split lines of one of the tab files that come with the time zones."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder) / name
        if path.exists():
            lines = path.read_text(encoding="utf-8").splitlines()
            return [line.split("\t") for line in lines if not line.startswith("#")]
    sys.exit(f"No {name} in {', '.join(zoneinfo.TZPATH)}: install the time zones of the system.")


def main():
    codes = sorted({code for code, _ in table_lines("iso3166.tab")} | {"XK"})
    zones = {}
    for code, _, zone, *_ in table_lines("zone.tab"):
        zones.setdefault(code, []).append(zone)
    longer_codes = {
        current[0]: code
        for code, current in get_global("territory_aliases").items()
        if len(code) == 3 and code.isalpha() and len(current) == 1 and code not in FORMER_CODES
    }
    french, english = Locale("fr").territories, Locale("en").territories
    with TARGET.open("w", encoding="utf-8") as target:
        target.write(HEAD)
        for code in codes:
            names = SHORTER.get(code, (french[code], english[code]))
            several = zones.get(code, [])
            zone = MOST_POPULOUS.get(code, several[0] if len(several) == 1 else "")
            if len(several) > 1 and not zone:
                sys.exit(f"{code} has {len(several)} zones: choose one in MOST_POPULOUS.")
            entry = ", ".join(f'"{each}"' for each in (*names, longer_codes.get(code, ""), zone))
            target.write(f'    "{code}": ({entry}),\n')
        target.write("}\n")


if __name__ == "__main__":
    main()
