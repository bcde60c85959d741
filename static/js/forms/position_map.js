// A map to tap, for <figure data-map="tap" data-own-map="…"> inside [data-position]: map.js loads this
// file after group_map.js. The mark is dragged, or moved by the arrow keys; the fields stay the truth.
const CLOSE = 6;
const VERY_CLOSE = 12;
const STEP = 8;
const STEPS = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0] };
// Half the diagonal of what "about here" hides: a tenth of a degree each way.
const ABOUT = 8000;

function plain(name) {
  return name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/\W+/g, " ").toLowerCase();
}

window.OwnMap = class extends window.GroupMap {
  draw(outline) {
    this.outline = outline;
    super.draw(outline);
  }

  get fields() {
    return this.figure.closest("form").elements;
  }

  // Where the fields say the group is, or null.
  get at() {
    const [lat, lng] = ["latitude", "longitude"].map((name) => {
      const written = this.fields[name].value.trim().replace(",", ".");
      return written && Math.abs(written) <= (name === "latitude" ? 90 : 180) ? Number(written) : NaN;
    });
    return Number.isNaN(lat + lng) ? null : L.latLng(lat, lng);
  }

  show() {
    this.map.on("click", ({ latlng }) => this.set(latlng, { closer: true }));
    this.figure.closest("form").addEventListener("input", ({ target }) => this.hear(target));
    this.figure.closest("form").addEventListener("change", ({ target }) => this.hear(target));
    this.figure.closest("form").addEventListener("draft:restored", () => this.look());
    this.say("");
    this.look();
    // The button that was pressed is gone.
    this.view.querySelector(".leaflet-control-zoom-in").focus({ preventScroll: true });
  }

  hear({ name }) {
    if (["latitude", "longitude", "country"].includes(name)) this.look();
    if (name === "position_is_approximate") this.put();
  }

  // There is nothing to ask of a server, and no filter to follow.
  fetch() {}
  follow() {}

  look() {
    this.put();
    if (!this.at) this.lookAtCountry();
    else if (!this.map.getBounds().pad(-0.05).contains(this.at)) this.map.setView(this.at, CLOSE);
    else if (this.map.getZoom() < CLOSE - 1) this.map.setView(this.at, CLOSE - 1);
  }

  // The outline names countries in English and by numbers only; a country it does not know is left.
  lookAtCountry() {
    const code = this.fields.country?.value;
    if (!code) return;
    const name = plain(new Intl.DisplayNames("en", { type: "region" }).of(code));
    const shape = this.outline.objects.countries.geometries.find(({ properties }) => plain(properties.name) === name);
    if (!shape) return;
    const { type, coordinates } = window.topojson.feature(this.outline, shape).geometry;
    // Islands far away would show half the world.
    const mainland = type === "Polygon" ? coordinates : coordinates.reduce((a, b) => (b[0].length > a[0].length ? b : a));
    this.map.fitBounds(L.geoJSON({ type: "Polygon", coordinates: mainland }).getBounds(), { maxZoom: CLOSE, animate: false });
  }

  set(latlng, { closer = false } = {}) {
    const { lat, lng } = latlng.wrap();
    this.fields.latitude.value = lat.toFixed(4);
    this.fields.longitude.value = lng.toFixed(4);
    this.fields.longitude.dispatchEvent(new Event("input", { bubbles: true }));
    const most = this.figure.classList.contains("map--detailed") ? VERY_CLOSE : CLOSE;
    const zoom = this.map.getZoom();
    // The next tap is more exact.
    if (closer && zoom < most) this.map.setView(latlng, Math.min(zoom + 2, most));
  }

  put() {
    const { at } = this;
    this.area?.remove();
    if (!at) {
      this.here?.remove();
      this.here = null;
      return;
    }
    this.here ??= this.pin(at);
    this.here.setLatLng(at);
    if (this.fields.position_is_approximate.value !== "1") return;
    const about = [at.lat, at.lng].map((degrees) => Math.round(degrees * 10) / 10);
    this.area = L.circle(about, { radius: ABOUT, className: "map__area", interactive: false }).addTo(this.map);
  }

  pin(at) {
    const dot = document.createElement("span");
    dot.className = "map__dot";
    const icon = L.divIcon({ html: dot, className: "map__pin", iconSize: [44, 44] });
    const mark = L.marker(at, { icon, draggable: true, autoPan: true }).addTo(this.map);
    mark.getElement().setAttribute("aria-label", this.words.mark);
    mark.on("dragend", () => this.set(mark.getLatLng()));
    mark.on("keydown", ({ originalEvent }) => {
      const step = STEPS[originalEvent.key];
      if (!step) return;
      originalEvent.preventDefault();
      this.set(this.map.containerPointToLatLng(this.map.latLngToContainerPoint(mark.getLatLng()).add(step)));
    });
    return mark;
  }

  toggleDetail() {
    super.toggleDetail();
    if (this.at && this.figure.classList.contains("map--detailed")) this.map.setView(this.at, VERY_CLOSE);
  }
};
