// Starts the map when it is wanted: <figure data-map="soon|now|tap"> as templates/fast/map.html writes
// it, with the addresses of all files and all words. "now" starts at once; "soon" when the page is
// idle and wide enough to show the map, or on a tap where the reader saves data; "tap" on a tap only.
// A figure with data-own-map names a file that makes another kind of the same map.
const WIDE = matchMedia("(min-width: 72rem)");
const maps = new WeakMap();
const files = new Map();

function load(address) {
  if (!files.has(address)) {
    const isStyle = new URL(address, location).pathname.endsWith(".css");
    const tag = document.createElement(isStyle ? "link" : "script");
    Object.assign(tag, isStyle ? { rel: "stylesheet", href: address } : { type: "module", src: address });
    const loaded = new Promise((resolve, reject) => {
      tag.onload = resolve;
      tag.onerror = () => {
        files.delete(address);
        reject(new Error(address));
      };
    });
    files.set(address, loaded);
    document.head.append(tag);
  }
  return files.get(address);
}

function say(figure, words, { retry = false } = {}) {
  figure.querySelector("[data-map-status]").textContent = words;
  figure.querySelector("[data-map-retry]").hidden = !retry;
}

async function begin(figure) {
  const { leafletCss, leafletJs, topojson, groupMap, ownMap, loading, failed } = figure.dataset;
  maps.set(figure, null);
  figure.classList.remove("map--waiting");
  say(figure, loading);
  try {
    await Promise.all([leafletCss, leafletJs, topojson, groupMap].map(load));
    if (ownMap) await load(ownMap);
    const map = new window[ownMap ? "OwnMap" : "GroupMap"](figure);
    await map.start();
    maps.set(figure, map);
  } catch {
    say(figure, failed, { retry: true });
  }
}

function beginSoon(figure) {
  const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 300));
  if (navigator.connection?.saveData) figure.querySelector("[data-map-load]").hidden = false;
  else whenIdle(() => maps.has(figure) || begin(figure));
}

function look() {
  for (const figure of document.querySelectorAll("[data-map]")) {
    if (maps.has(figure)) maps.get(figure)?.follow();
    else if (figure.dataset.map === "now") begin(figure);
    else if (figure.dataset.map === "soon" && WIDE.matches) beginSoon(figure);
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-map-load], [data-map-retry]");
  if (!button) return;
  button.hidden = true;
  const figure = button.closest("[data-map]");
  const map = maps.get(figure);
  if (map) map.fetch();
  else begin(figure);
});

WIDE.addEventListener("change", look);
document.addEventListener("directory:changed", look);
look();
