// Cuts the banner in the page: <div data-banner> round the file input, with [data-banner-editor] (a
// canvas, the frame [data-banner-frame], the ranges across, down and zoom) and the choice without
// JavaScript, [data-banner-part]. The cut is sent instead of the photograph; whatever goes wrong, the
// file is sent as it is and cut by the server.
const RATIO = 12;
const WIDTH = 1920;
const LARGEST = 2880;
const MOST_BYTES = 200_000;
const place = document.querySelector("[data-banner]");
const input = place?.querySelector("input[type=file]");
const editor = place?.querySelector("[data-banner-editor]");
const canvas = editor?.querySelector("canvas");
const part = place?.querySelector("[data-banner-part]");
const frame = editor?.querySelector("[data-banner-frame]");
const range = (name) => editor.querySelector(`[data-banner-${name}]`);
let picture;

async function opened(file) {
  const whole = await createImageBitmap(file);
  if (whole.width <= LARGEST) return whole;
  const smaller = await createImageBitmap(whole, { resizeWidth: LARGEST, resizeQuality: "medium" });
  whole.close();
  return smaller;
}

// What the frame holds, in pixels of the picture.
function cut() {
  const { width, height } = picture;
  const wide = Math.min(width, height * RATIO) / Number(range("zoom").value);
  const high = wide / RATIO;
  const share = (name) => Number(range(name).value) / 100;
  return { x: (width - wide) * share("across"), y: (height - high) * share("down"), wide, high };
}

function drawn(wide) {
  const { x, y, wide: from, high } = cut();
  const result = document.createElement("canvas");
  result.width = Math.round(Math.min(wide, Math.max(from, RATIO)));
  result.height = Math.max(1, Math.round(result.width / RATIO));
  const pen = result.getContext("2d");
  // Where a picture lets through what is behind it, this is paper.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, result.width, result.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, x, y, from, high, 0, 0, result.width, result.height);
  return result;
}

// Not every browser writes WebP: it answers with another kind, which would be heavy.
function encoded() {
  const result = drawn(WIDTH);
  for (const quality of [0.85, 0.7, 0.5]) {
    const webp = result.toDataURL("image/webp", quality);
    const address = webp.startsWith("data:image/webp") ? webp : result.toDataURL("image/jpeg", quality);
    const bytes = Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0));
    if (bytes.length <= MOST_BYTES || quality === 0.5) {
      const type = address.slice(5, address.indexOf(";"));
      return new File([bytes], `banner.${type.slice(6)}`, { type });
    }
  }
  return undefined;
}

function show() {
  const { x, y, wide, high } = cut();
  const { width, height } = picture;
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  Object.assign(frame.style, { left: percent(x, width), top: percent(y, height), width: percent(wide, width), height: percent(high, height) });
  range("across").disabled = width - wide < 1;
  range("down").disabled = height - high < 1;
  input.form.dispatchEvent(new CustomEvent("banner:cropped", { detail: drawn(640).toDataURL("image/jpeg", 0.8) }));
}

function close() {
  picture?.close();
  picture = null;
  editor.hidden = true;
  part.hidden = false;
  input.form.dispatchEvent(new CustomEvent("banner:cropped"));
}

async function open() {
  close();
  const [file] = input.files;
  if (!file) return;
  try {
    picture = await opened(file);
  } catch {
    // No picture this browser can read: the server says what is wrong with it.
    return;
  }
  canvas.width = Math.min(picture.width, 1000);
  canvas.height = Math.max(1, Math.round((canvas.width * picture.height) / picture.width));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const [name, value] of [["across", 50], ["down", 50], ["zoom", 1]]) range(name).value = value;
  editor.hidden = false;
  part.hidden = true;
  show();
}

function drag(event) {
  const start = { ...cut(), left: event.clientX, top: event.clientY };
  const scale = picture.width / canvas.clientWidth;
  const set = (name, position, room) => {
    if (room >= 1) range(name).value = (100 * position) / room;
  };
  const move = ({ clientX, clientY }) => {
    set("across", start.x + (clientX - start.left) * scale, picture.width - start.wide);
    set("down", start.y + (clientY - start.top) * scale, picture.height - start.high);
    show();
  };
  frame.setPointerCapture(event.pointerId);
  frame.addEventListener("pointermove", move);
  frame.addEventListener("lostpointercapture", () => frame.removeEventListener("pointermove", move), { once: true });
}

if (editor && window.createImageBitmap) {
  input.addEventListener("change", open);
  editor.addEventListener("input", show);
  frame.addEventListener("pointerdown", drag);
  input.form.addEventListener("formdata", ({ formData }) => {
    try {
      if (picture) formData.set(input.name, encoded());
    } catch {
      // The file itself is sent.
    }
  });
  // A browser that remembers the file remembers it before this line.
  if (input.files.length) open();
}
