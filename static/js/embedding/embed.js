// embed.js 1: turns <div data-ecosystem="cyou"> and <div data-group="jardins"> into frames as high as
// what they show. Loading it twice is harmless; it makes no global, and sets no style in the markup.
(() => {
  const script = document.currentScript ?? document.querySelector('script[src*="/embed.js"]');
  if (!script) return;
  const site = new URL(script.src).origin;
  const NAMES = ["view", "kind", "activity", "country", "limit", "theme", "lang"];
  const frames = new Map();

  function isDark(node) {
    for (; node; node = node.parentElement) {
      const color = getComputedStyle(node).backgroundColor;
      const [r, g, b, a = 1] = (color.match(/^rgba?\((.*)\)/)?.[1] ?? "0 0 0 0").match(/[\d.]+/g).map(Number);
      if (a > 0.5) return 0.3 * r + 0.6 * g + 0.1 * b < 128;
    }
    return null;
  }

  function themeOf(host) {
    const dark = isDark(host);
    if (dark !== null) return dark ? "dark" : "light";
    return getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "auto" : "light";
  }

  function languageOf(host) {
    return (host.closest("[lang]")?.lang || "fr").slice(0, 2).toLowerCase() === "en" ? "en" : "fr";
  }

  function addressOf(host) {
    const { ecosystem, group } = host.dataset;
    const url = new URL(`/${group ? "groups" : "ecosystems"}/${encodeURIComponent(group || ecosystem)}/widget/`, site);
    const chosen = { theme: themeOf(host), lang: languageOf(host) };
    for (const name of NAMES) {
      for (const value of (host.dataset[name] ?? chosen[name] ?? "").split(/[\s,]+/)) {
        if (value) url.searchParams.append(name, value);
      }
    }
    return url.href;
  }

  function show(host) {
    if (host.dataset.embedded !== undefined) return;
    host.dataset.embedded = "";
    const { ecosystem, group, title } = host.dataset;
    const frame = document.createElement("iframe");
    const words = languageOf(host) === "en" ? ["The groups of", "The group"] : ["Les groupes de", "Le groupe"];
    frame.title = title || `${words[group ? 1 : 0]} ${group || ecosystem}`;
    frame.loading = "lazy";
    frame.width = "100%";
    frame.height = group ? 240 : 480;
    frame.style.border = "0";
    frame.addEventListener("load", () => frame.contentWindow.postMessage({ type: "ecosystem:ask" }, site));
    frame.src = addressOf(host);
    frames.set(host, frame);
    host.replaceChildren(frame);
  }

  function look() {
    document.querySelectorAll("div[data-ecosystem], div[data-group]").forEach(show);
  }

  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== site || data?.type !== "ecosystem:height" || !Number.isFinite(data.height)) return;
    for (const frame of frames.values()) {
      if (frame.contentWindow === source) frame.height = Math.min(Math.max(Math.ceil(data.height), 40), 20000);
    }
  });
  new MutationObserver((changes) => {
    for (const { type, target } of changes) {
      if (type === "attributes" && frames.has(target)) frames.get(target).src = addressOf(target);
    }
    look();
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributeFilter: ["ecosystem", "group", ...NAMES].map((name) => `data-${name}`),
  });
  look();
})();
