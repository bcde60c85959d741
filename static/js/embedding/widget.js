// In a widget: tells the page around it how high this one is, once that page (embed.js) has asked,
// and whenever it changes. Nobody else is told. Shows the button of the map (data-map-load).
let asker = null;

function tell() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  if (asker && height) parent.postMessage({ type: "ecosystem:height", height }, asker);
}

addEventListener("message", ({ source, origin, data }) => {
  if (parent === window || source !== parent || data?.type !== "ecosystem:ask") return;
  asker = origin === "null" ? "*" : origin;
  tell();
});
new ResizeObserver(tell).observe(document.documentElement);
for (const button of document.querySelectorAll("[data-map-load]")) button.hidden = false;
