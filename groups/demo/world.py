"""Reads the demo's files. Nothing here touches the database."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent
OSM_COMMUNITIES = FOLDER / "osm_communities.csv"


def groups():
    return _read("groups.json")


def ecosystems():
    return _read("ecosystems.json")


def partners():
    return _read("partners.json")


def people():
    return _read("people.json")


def _read(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
