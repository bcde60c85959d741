// Proposes a short name while the name is typed, and says whether it is free: <div data-short-name
// data-url="…"> round the field, with [data-short-name-status] and the button [data-short-name-take].
// Sentences come from the server. Without a connection it says nothing.
const place = document.querySelector("[data-short-name]");
const field = place?.querySelector("input");
const name = field?.form.elements.name;
const status = place?.querySelector("[data-short-name-status]");
const take = place?.querySelector("[data-short-name-take]");
// Whoever has written a short name keeps it; an empty one is proposed again.
let isOurs = field?.value === "";
let request, timer, waiting;

function say({ sentence = "", proposal = "", take: words = "" } = {}) {
  status.textContent = sentence;
  take.hidden = !proposal;
  take.textContent = words;
  take.value = proposal;
}

function showNoError() {
  field.removeAttribute("aria-invalid");
  place.querySelector(".field--error")?.classList.remove("field--error");
  place.querySelector(".field__error")?.remove();
}

async function ask(question) {
  request?.abort();
  request = new AbortController();
  const address = new URL(place.dataset.url, location);
  address.search = new URLSearchParams({ ...question, group: place.dataset.group ?? "" });
  try {
    const answer = await fetch(address, { signal: request.signal });
    if (answer.ok) hear(await answer.json(), question);
  } catch {
    // Aborted, or no connection: the page answers when it is sent.
  }
}

function hear(answer, { name: proposed }) {
  if (answer.is_free) showNoError();
  if (proposed === undefined) return say(answer);
  if (!isOurs) return undefined;
  field.value = answer.short_name;
  field.dispatchEvent(new Event("short-name:proposed", { bubbles: true }));
  // Said once the name is whole, not at every letter of it.
  waiting = answer;
  if (document.activeElement !== name) sayWaiting();
  return undefined;
}

function sayWaiting() {
  if (waiting && isOurs) say(waiting);
  waiting = null;
}

function askSoon(question) {
  clearTimeout(timer);
  request?.abort();
  timer = setTimeout(() => ask(question), 300);
}

name?.addEventListener("input", () => {
  if (!isOurs) return;
  say();
  if (name.value.trim()) askSoon({ name: name.value });
});
name?.addEventListener("blur", sayWaiting);
field?.addEventListener("input", () => {
  isOurs = field.value === "";
  say();
  if (isOurs) askSoon({ name: name.value });
  else askSoon({ short_name: field.value });
});
take?.addEventListener("click", () => {
  field.value = take.value;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
field?.form.addEventListener("draft:restored", () => {
  isOurs = field.value === "";
  say();
});
