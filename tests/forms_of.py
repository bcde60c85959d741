"""The forms of a page, as a browser would send them, for tests that send them differently."""

from dataclasses import dataclass, field
from urllib.parse import urljoin

from tests.markup import each, name_of, parsed


@dataclass
class Form:
    """A form somebody could send: where to, and what stands in it."""

    method: str
    address: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    # What each of its buttons says when it is the one that is pressed.
    buttons: list[tuple[str, str]] = field(default_factory=list)


def forms_of(page, address):
    """Return the forms of ``page`` (its HTML), which stands at ``address``."""
    root, _repaired = parsed(page)
    return [_read(form, address) for form in each(root, "form")]


def _read(element, address):
    form = Form(
        method=(element.get("method") or "get").lower(),
        address=urljoin(address, element.get("action") or address),
    )
    for control in each(element, "input", "textarea", "select", "button"):
        name = control.get("name")
        if not name or control.get("disabled") is not None:
            continue
        if name_of(control) == "button":
            form.buttons.append((name, control.get("value", "")))
        elif control.get("type") == "file":
            form.files.append(name)
        elif (value := _value(control)) is not None:
            form.fields.setdefault(name, []).append(value)
        else:
            form.fields.setdefault(name, [])
    return form


def _value(control):
    """Return what ``control`` would send, or None if it would send nothing as it stands."""
    tag = name_of(control)
    if tag == "textarea":
        return control.text or ""
    if tag == "select":
        options = each(control, "option")
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return chosen[0].get("value", chosen[0].text or "") if chosen else None
    if control.get("type") in ("checkbox", "radio"):
        return control.get("value", "on") if control.get("checked") is not None else None
    return control.get("value", "")
