// Suggests keywords for the word the caret is in: <div data-keywords data-url="…"> round an input of
// words between commas, with [data-keywords-status] (data-label of the list, data-one, data-many with
// {n}). Arrows choose, Enter takes, Escape closes.
const place = document.querySelector("[data-keywords]");
const field = place?.querySelector("input");
const list = document.createElement("ul");
const status = place?.querySelector("[data-keywords-status]");
let request, timer, chosen;

// The word round the caret, and where it stands.
function here() {
  const caret = field.selectionStart;
  const start = field.value.lastIndexOf(",", caret - 1) + 1;
  const comma = field.value.indexOf(",", caret);
  const end = comma < 0 ? field.value.length : comma;
  return { start, end, word: field.value.slice(start, end).trim() };
}

function close() {
  clearTimeout(timer);
  request?.abort();
  list.hidden = true;
  list.replaceChildren();
  status.textContent = "";
  field.setAttribute("aria-expanded", "false");
  choose(null);
}

function choose(option) {
  chosen?.setAttribute("aria-selected", "false");
  chosen = option;
  chosen?.setAttribute("aria-selected", "true");
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
  else field.removeAttribute("aria-activedescendant");
}

function optionOf({ name, label = "" }, index) {
  const option = document.createElement("li");
  const count = document.createElement("span");
  count.className = "count";
  count.textContent = label;
  option.id = `${list.id}-${index}`;
  option.dataset.name = name;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.append(name, " ", count);
  return option;
}

function offer(keywords) {
  const written = field.value.split(",").map((word) => word.trim().toLowerCase());
  const fresh = keywords.filter(({ name }) => !written.includes(name.toLowerCase()));
  close();
  if (!fresh.length) return;
  list.replaceChildren(...fresh.map(optionOf));
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  const { one, many } = status.dataset;
  status.textContent = fresh.length === 1 ? one : many.replace("{n}", fresh.length);
}

async function ask() {
  const { word } = here();
  if (!word) return;
  request = new AbortController();
  const address = new URL(place.dataset.url, location);
  address.searchParams.set("q", word);
  try {
    const answer = await fetch(address, { signal: request.signal });
    if (answer.ok && document.activeElement === field) offer((await answer.json()).keywords);
  } catch {
    // Aborted, or no connection: the words are typed in full.
  }
}

function take(option) {
  const { start, end } = here();
  const before = field.value.slice(0, start) + (start ? " " : "") + option.dataset.name;
  const after = field.value.slice(end);
  field.value = before + (after || ", ");
  const caret = before.length + (after ? 0 : 2);
  field.setSelectionRange(caret, caret);
  close();
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function move(step) {
  const options = [...list.children];
  const next = options.indexOf(chosen) + step;
  choose(chosen || step > 0 ? options[next] ?? null : options.at(-1));
}

function begin() {
  Object.assign(list, { id: "keyword-list", className: "suggested__list", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", status.dataset.label);
  place.append(list);
  const parts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off" };
  for (const [name, value] of Object.entries(parts)) field.setAttribute(name, value);
  // The browser's own list knows nothing of commas.
  field.removeAttribute("list");
  field.addEventListener("input", () => {
    close();
    timer = setTimeout(ask, 200);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    const acts = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Escape: close,
      ...(chosen && { Enter: () => take(chosen) }),
    };
    if (!isOpen || !Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  });
  // The focus stays in the field.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) take(option);
  });
}

if (field) begin();
