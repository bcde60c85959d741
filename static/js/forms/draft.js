// Keeps in this browser what is typed into <form data-draft="key">, and gives it back after a lost
// connection; [data-draft-note] says so and holds the button [data-draft-drop]. A page with
// [data-draft-sent="key"] forgets it. Neither addresses of people nor files are kept, and nothing for
// longer than thirty days.
const DAYS = 30;
const PREFIX = "draft:";
const NEVER = "[type=hidden], [type=file], [type=email], [type=password], button, [aria-hidden=true] *";
const form = document.querySelector("form[data-draft]");
const key = form && PREFIX + form.dataset.draft;
const note = form?.querySelector("[data-draft-note]");
let timer;

function stored(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

function forgetOld() {
  const oldest = Date.now() - DAYS * 24 * 3600 * 1000;
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX) && !(stored(name)?.at > oldest)) forget(name);
    }
  } catch {
    // As above.
  }
}

function fields() {
  return [...form.elements].filter((field) => field.name && !field.matches(NEVER));
}

function isChoice(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function typed() {
  return fields().map((field) => [field.name, field.value, isChoice(field) ? field.checked : null]);
}

function keep() {
  clearTimeout(timer);
  timer = null;
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), typed: typed() }));
  } catch {
    // Full, or forbidden: the form works all the same.
  }
}

function keepSoon() {
  clearTimeout(timer);
  timer = setTimeout(keep, 400);
}

function fieldFor(name, value, checked) {
  const among = () => fields().filter((field) => field.name === name);
  // Rows that were added by hand are asked for again.
  if (!among().length) form.dispatchEvent(new CustomEvent("draft:missing", { detail: name }));
  return checked === null ? among()[0] : among().find((field) => field.value === value);
}

function restore() {
  const draft = stored(key)?.typed ?? [];
  const before = JSON.stringify(typed());
  for (const [name, value, checked] of draft) {
    const field = fieldFor(name, value, checked);
    const kept = checked === null ? "value" : "checked";
    if (!field || field[kept] === (checked ?? value)) continue;
    field[kept] = checked ?? value;
    field.closest("details")?.setAttribute("open", "");
  }
  if (JSON.stringify(typed()) === before) return;
  if (note) note.hidden = false;
  form.dispatchEvent(new Event("draft:restored"));
}

function drop() {
  clearTimeout(timer);
  timer = null;
  forget(key);
  form.reset();
  note.hidden = true;
  form.dispatchEvent(new Event("draft:restored"));
  form.querySelector("input:not([type=hidden], [tabindex='-1'])").focus();
}

forgetOld();
for (const { dataset } of document.querySelectorAll("[data-draft-sent]")) forget(PREFIX + dataset.draftSent);
if (form) {
  // After an error the page itself holds what was typed.
  if (!form.hasAttribute("data-answered")) restore();
  form.addEventListener("input", keepSoon);
  form.addEventListener("change", keepSoon);
  form.addEventListener("submit", keep);
  addEventListener("pagehide", () => timer && keep());
  form.addEventListener("click", ({ target }) => target.closest("[data-draft-drop]") && drop());
}
