// The map of the groups, once it is wanted: map.js loads this file beside Leaflet and calls
// `new GroupMap(figure).start()` for a <figure data-map>. The first picture is a bundled outline of
// the world: no foreign server is asked before "detailed map".
const TOUCH = matchMedia("(pointer: coarse)").matches;
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;
const WORLD = [[-58, -170], [76, 180]];
const ANTARCTICA = "010";
const TARGET = 44;

async function json(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

// What others have written becomes text, never HTML.
function element(name, { className = "", text = "", href } = {}, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (href) made.href = href;
  made.append(text, ...children);
  return made;
}

// Groups of one town stand on the same spot: one mark for all of them, so that none hides another.
function spotsOf(features) {
  const spots = new Map();
  for (const { bbox, geometry, properties } of features) {
    const [lon, lat] = geometry.coordinates;
    const at = `${lat},${lon}`;
    const spot = spots.get(at) ?? { at: [lat, lon], groups: [], count: 0 };
    if (bbox) spot.area = L.latLngBounds([bbox[1], bbox[0]], [bbox[3], bbox[2]]);
    else spot.groups.push(properties);
    spot.count += properties.n ?? 1;
    spots.set(at, spot);
  }
  return [...spots.values()];
}

// The outline runs on past the 180th meridian instead of jumping back across the whole map. The
// shape around the pole cannot: it is left out.
function landOf(outline) {
  const run = (ring) => {
    let last = ring[0][0];
    return ring.map(([lon, lat]) => [(last = lon + 360 * Math.round((last - lon) / 360)), lat]);
  };
  const land = window.topojson.feature(outline, outline.objects.countries);
  land.features = land.features.filter(({ id }) => id !== ANTARCTICA);
  for (const { geometry } of land.features) {
    geometry.coordinates =
      geometry.type === "Polygon"
        ? geometry.coordinates.map(run)
        : geometry.coordinates.map((polygon) => polygon.map(run));
  }
  return land;
}

// Marks that would cover one another become one, at the place of the largest; looked at closer they
// part again. So every mark is wide enough for a finger.
function gather(spots, pixelOf) {
  const marks = [];
  for (const spot of [...spots].sort((a, b) => b.count - a.count)) {
    const pixel = pixelOf(spot.at);
    const near = marks.find((mark) => mark.pixel.distanceTo(pixel) < TARGET);
    if (near) near.spots.push(spot);
    else marks.push({ pixel, spots: [spot] });
  }
  return marks.map((mark) => (mark.spots.length > 1 ? joined(mark.spots) : mark.spots[0]));
}

function joined(spots) {
  const area = L.latLngBounds(spots.map(({ at }) => at));
  for (const { area: theirs } of spots) if (theirs) area.extend(theirs);
  return { at: spots[0].at, area, groups: [], count: spots.reduce((n, { count }) => n + count, 0) };
}

window.GroupMap = class {
  constructor(figure) {
    this.figure = figure;
    this.view = figure.querySelector("[data-map-view]");
    this.words = figure.dataset;
    this.marks = new Map();
  }

  button(name) {
    return this.figure.querySelector(`[data-map-${name}]`);
  }

  say(words, { retry = false } = {}) {
    this.button("status").textContent = words;
    this.button("retry").hidden = !retry;
  }

  async start() {
    this.draw(await json(this.words.world));
    await this.show();
  }

  draw(outline) {
    const { zoomIn, zoomOut, tiles } = this.words;
    this.map = L.map(this.view, {
      attributionControl: false,
      zoomControl: false,
      scrollWheelZoom: false,
      dragging: !TOUCH,
      fadeAnimation: !STILL,
      zoomAnimation: !STILL,
      inertia: !STILL,
      zoomSnap: 0.25,
      maxZoom: 17,
      maxBounds: [[-85, -200], [85, 200]],
    });
    this.map.fitBounds(WORLD, { animate: false });
    L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(this.map);
    const pane = this.map.createPane("world");
    pane.style.zIndex = 250;
    L.geoJSON(landOf(outline), {
      pane: "world",
      renderer: L.svg({ pane: "world", padding: 0.5 }),
      interactive: false,
      style: { className: "map__land" },
    }).addTo(this.map);
    this.markers = L.layerGroup().addTo(this.map);
    this.button("detail").hidden = !tiles;
    this.button("detail").addEventListener("click", () => this.toggleDetail());
    this.listen();
  }

  // The page keeps its scroll: the wheel zooms after a click, a finger moves the map after a tap.
  listen() {
    const { map, view } = this;
    map.on("click focus", () => {
      map.scrollWheelZoom.enable();
      map.dragging.enable();
    });
    map.on("mouseout blur", () => map.scrollWheelZoom.disable());
    document.addEventListener("pointerdown", (event) => {
      if (TOUCH && !view.contains(event.target)) map.dragging.disable();
    });
    view.addEventListener("keydown", (event) => {
      if (event.key === "Escape") map.closePopup();
    });
    map.on("moveend", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.fetch(), 200);
    });
    new ResizeObserver(() => map.invalidateSize()).observe(view);
  }

  // The filters of the page have changed.
  follow() {
    if (this.source !== this.words.geojson) this.show();
  }

  // Asks for what the whole world holds under the filters of the page, and goes there.
  async show() {
    this.source = this.words.geojson;
    this.known = null;
    const spots = await this.fetch(L.latLngBounds(WORLD[0], [85, 180]).extend([-85, -180]), 1);
    if (!spots?.length) return;
    const area = L.latLngBounds(spots.map((spot) => spot.at));
    this.map.fitBounds(area, { maxZoom: 7, padding: [28, 28], animate: !STILL });
  }

  async fetch(bounds = this.map.getBounds().pad(0.2), zoom = Math.round(this.map.getZoom())) {
    // Once every mark is a group, looking closer shows nothing new.
    if (this.known?.contains(this.map.getBounds())) {
      this.place();
      return undefined;
    }
    this.request?.abort();
    this.request = new AbortController();
    const address = new URL(this.source, location);
    const [west, east] = [bounds.getWest(), bounds.getEast()].map((x) => Math.max(-180, Math.min(180, x)));
    const [south, north] = [bounds.getSouth(), bounds.getNorth()].map((y) => Math.max(-90, Math.min(90, y)));
    address.searchParams.set("bbox", [west, south, east, north].map((x) => x.toFixed(3)).join());
    address.searchParams.set("zoom", zoom);
    try {
      const { features } = await json(address, this.request.signal);
      this.spots = spotsOf(features);
      this.known = this.spots.some((spot) => spot.area) ? null : bounds;
      this.place();
      this.say("");
      return this.spots;
    } catch (error) {
      if (error.name !== "AbortError") this.say(this.words.failed, { retry: true });
      return undefined;
    }
  }

  // Marks that stay are kept, so that the focus and an open popup are not lost.
  place() {
    const spots = gather(this.spots, (at) => this.map.latLngToLayerPoint(at));
    const wanted = new Map(spots.map((spot) => [JSON.stringify(spot), spot]));
    for (const [key, mark] of this.marks) {
      if (wanted.has(key)) continue;
      if (mark.getElement() === document.activeElement) this.view.focus({ preventScroll: true });
      mark.remove();
      this.marks.delete(key);
    }
    for (const [key, spot] of wanted) {
      if (!this.marks.has(key)) this.marks.set(key, this.mark(spot).addTo(this.markers));
    }
  }

  mark(spot) {
    const many = spot.count > 1;
    const dot = element("span", {
      className: many ? "map__dot map__dot--many" : "map__dot",
      text: many ? spot.count.toLocaleString(document.documentElement.lang) : "",
    });
    const size = many ? TARGET : 32;
    const icon = L.divIcon({ html: dot, className: "map__pin", iconSize: [size, size] });
    const mark = L.marker(spot.at, { icon, riseOnHover: true });
    const { closer, here } = this.words;
    const label = many ? (spot.area ? closer : here).replace("{n}", spot.count) : spot.groups[0].name;
    mark.on("add", () => mark.getElement().setAttribute("aria-label", label));
    const act = () => (spot.area ? this.zoomTo(spot) : this.tell(spot, mark));
    mark.on("click", act);
    mark.on("keydown", ({ originalEvent }) => {
      if (!["Enter", " "].includes(originalEvent.key)) return;
      originalEvent.preventDefault();
      act();
    });
    return mark;
  }

  zoomTo({ area }) {
    const zoom = this.map.getBoundsZoom(area, false, L.point(TARGET, TARGET));
    this.map.setView(area.getCenter(), Math.max(zoom, this.map.getZoom() + 1));
  }

  tell({ groups }, mark) {
    const entry = ({ name, url, tagline }) =>
      element("li", {}, element("a", { href: url.replace("/groups/", this.words.groupsUrl), text: name }), element("p", { text: tagline }));
    const list = element("ul", { className: "map__groups" }, ...groups.map(entry));
    const popup = L.popup({ offset: [0, -4], minWidth: 170, maxWidth: 240 }).setLatLng(mark.getLatLng());
    popup.setContent(list).openOn(this.map);
    popup.getElement().querySelector("[aria-label]")?.setAttribute("aria-label", this.words.close);
    list.querySelector("a").focus({ preventScroll: true });
    popup.on("remove", () => mark.getElement()?.focus({ preventScroll: true }));
  }

  toggleDetail() {
    const detailed = this.figure.classList.toggle("map--detailed");
    this.button("detail").setAttribute("aria-pressed", detailed);
    const { tiles, attribution } = this.words;
    // Servers of tiles want to know which site asks; they are told its name and not the page.
    this.tiles ??= L.tileLayer(tiles, { attribution, maxZoom: 19, referrerPolicy: "origin" });
    this.credit ??= L.control.attribution({ prefix: false });
    for (const part of [this.credit, this.tiles]) detailed ? part.addTo(this.map) : part.remove();
    this.map.options.zoomSnap = detailed ? 1 : 0.25;
    if (detailed) this.map.setZoom(Math.round(this.map.getZoom()));
  }
};
