// Shows the card as it will look: an element [data-card] that the server has written, whose parts
// [data-card-name], [data-card-tagline], … follow the fields of the form data-card-of names.
const card = document.querySelector("[data-card]");
const form = card && document.getElementById(card.dataset.cardOf);
const MOST_KEYWORDS = 12;
const part = (name) => card.querySelector(`[data-card-${name}]`);
const value = (name) => form.elements[name]?.value?.trim() ?? "";

function write(name, words) {
  const element = part(name);
  if (!element) return;
  element.dataset.empty ??= element.textContent;
  element.textContent = words || element.dataset.empty;
  element.classList.toggle("soft", !words);
}

function chosenKind() {
  const chosen = form.querySelector("[name=kind]:checked");
  return chosen?.closest("label").querySelector("strong").textContent ?? "";
}

function place() {
  const country = form.elements.country;
  const name = country?.value ? country.selectedOptions[0].textContent : "";
  return [value("region"), name].filter(Boolean).join(", ");
}

function writeKeywords() {
  const names = value("keywords").split(",").map((word) => word.trim()).filter(Boolean);
  const items = names.slice(0, MOST_KEYWORDS).map((word) => {
    const item = document.createElement("li");
    item.textContent = word;
    return item;
  });
  part("keywords").replaceChildren(...items);
  part("keywords").hidden = !items.length;
}

function drawBand() {
  const band = part("band");
  const name = value("short_name");
  const address = /^(?!\d+$)[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(name)
    ? band.dataset.pattern.replace("short-name", name)
    : band.dataset.empty;
  if (!band.dataset.picture && band.getAttribute("src") !== address) band.src = address;
}

function follow() {
  write("name", value("name"));
  write("tagline", value("tagline"));
  write("kind", chosenKind());
  write("place", place());
  part("where").hidden = !place();
  writeKeywords();
  drawBand();
}

if (form) {
  const fold = card.querySelector("details");
  const wide = matchMedia("(min-width: 56rem)");
  const unfold = () => (fold.open = wide.matches || fold.open);
  wide.addEventListener("change", unfold);
  unfold();
  follow();
  for (const event of ["input", "change", "draft:restored", "short-name:proposed"]) form.addEventListener(event, follow);
  form.addEventListener("banner:cropped", ({ detail }) => {
    part("band").dataset.picture = detail ? "own" : "";
    if (detail) part("band").src = detail;
    else drawBand();
  });
}
