// Changes the list without a full reload: found by <div id="directory" data-directory>, which holds
// the form of filters (id="filters"), the list (id="results") and the map. The page it fetches is
// the page that would have been opened; whatever goes wrong, that page is opened.
const WIDE = matchMedia("(min-width: 56rem)");
let request;
let shown = location.pathname + location.search;

function addressOf(form) {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  const address = new URL(form.action);
  address.search = new URLSearchParams(given);
  return address.href;
}

async function fetchPage(address) {
  request?.abort();
  request = new AbortController();
  const answer = await fetch(address, { signal: request.signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.querySelector("[data-directory]")) throw new Error(answer.statusText);
  return page;
}

// The map and what the reader has opened, scrolled or typed stay as they are.
function carryOver(before, after) {
  const map = before.querySelector("[data-map]");
  const place = after.querySelector("[data-map]");
  if (map && place) {
    Object.assign(map.dataset, place.dataset);
    map.classList.toggle("map--large", place.classList.contains("map--large"));
    map.querySelector("[data-map-note]").replaceWith(place.querySelector("[data-map-note]"));
    place.replaceWith(map);
  }
  for (const { id } of before.querySelectorAll("details[open]")) {
    after.querySelector(`#${id}`)?.setAttribute("open", "");
  }
  const typing = document.activeElement.matches("[type=search]") && document.activeElement;
  if (typing) after.querySelector(`#${typing.id}`).value = typing.value;
}

function swap(page, { toHeading }) {
  const before = document.querySelector("[data-directory]");
  const after = page.querySelector("[data-directory]");
  const focused = document.activeElement.id;
  const scrolled = before.querySelector("#filters").scrollTop;
  carryOver(before, after);
  before.replaceWith(after);
  document.title = page.title;
  document.querySelector("#language")?.replaceWith(page.querySelector("#language"));

  after.querySelector("#filters").scrollTop = scrolled;
  const results = after.querySelector("#results");
  if (toHeading || results.getBoundingClientRect().top < 0) results.scrollIntoView();
  const heading = results.querySelector("h2");
  const again = focused && after.querySelector(`#${CSS.escape(focused)}`);
  (toHeading || !again ? heading : again).focus({ preventScroll: true });
  document.querySelector("[data-directory-news]").textContent = heading.textContent;
  document.dispatchEvent(new Event("directory:changed"));
}

async function show(address, { push = true, toHeading = false } = {}) {
  document.querySelector("[data-directory]").setAttribute("aria-busy", "true");
  try {
    const page = await fetchPage(address);
    if (push) history.pushState(null, "", address);
    shown = location.pathname + location.search;
    swap(page, { toHeading });
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.closest("[data-directory]")) return;
  event.preventDefault();
  show(addressOf(event.target), { toHeading: !WIDE.matches });
});

// On a phone the filters cover the list: several are chosen, then the button is pressed.
document.addEventListener("change", ({ target }) => {
  const form = target.closest("[data-directory]") && target.form;
  if (!form || target.type === "search" || (form.contains(target) && !WIDE.matches)) return;
  show(addressOf(form));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-directory] a[href]");
  const meantElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || meantElsewhere || event.defaultPrevented || link.hash) return;
  if (link.origin !== location.origin || link.pathname !== location.pathname) return;
  event.preventDefault();
  show(link.href, { toHeading: Boolean(link.closest("[data-pages]")) });
});

// Following a link to a part of the same page also ends here: then nothing is to be fetched.
addEventListener("popstate", () => {
  if (shown !== location.pathname + location.search) show(location.href, { push: false });
});
