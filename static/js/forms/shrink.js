// Makes a large picture small before it is sent: <input type="file" data-shrink="704x240">. Whatever
// goes wrong, the file itself is sent.
const ENOUGH = 60_000;
const small = new WeakMap();

async function shrunk(file, box) {
  const [width, height] = box.split("x").map(Number);
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, width / picture.width, height / picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/webp", 0.9));
  return new File([blob], `logo.${blob.type.slice(6)}`, { type: blob.type });
}

document.addEventListener("change", async ({ target }) => {
  if (!target.matches("input[type=file][data-shrink]")) return;
  small.delete(target);
  const [file] = target.files;
  if (!file || file.size <= ENOUGH) return;
  try {
    const smaller = await shrunk(file, target.dataset.shrink);
    if (smaller.size < file.size && target.files[0] === file) small.set(target, smaller);
  } catch {
    // No picture this browser can read: the server says what is wrong with it.
  }
});

document.addEventListener("formdata", ({ target, formData }) => {
  for (const input of target.querySelectorAll("input[type=file][data-shrink]")) {
    if (small.has(input)) formData.set(input.name, small.get(input));
  }
});
