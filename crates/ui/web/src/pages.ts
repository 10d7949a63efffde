// Pages of a paper, before they are sent: their order, those that are left out, and one more from the camera.

interface Texts {
  up: string;
  down: string;
  remove: string;
  page: string;
  of: string;
}

function button(text: string, of: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn--quiet";
  made.textContent = text;
  made.setAttribute("aria-label", `${text}: ${of}`);
  made.addEventListener("click", act);
  return made;
}

/** A small picture of a page; nothing where the browser cannot draw it. */
async function thumbnail(file: File, into: HTMLCanvasElement): Promise<void> {
  try {
    const picture = await createImageBitmap(file, { resizeWidth: 96 });
    [into.width, into.height] = [picture.width, picture.height];
    into.getContext("2d")?.drawImage(picture, 0, 0);
    picture.close();
  } catch {
    into.remove();
  }
}

function enliven(box: HTMLElement): void {
  const chosen = box.querySelector<HTMLInputElement>('.field input[type="file"]');
  const list = box.querySelector<HTMLElement>("[data-pages-list]");
  const camera = box.querySelector<HTMLElement>("[data-pages-camera]");
  const shot = camera?.querySelector<HTMLInputElement>("input");
  if (!chosen || !list || !camera || !shot) return;
  const texts = box.dataset as unknown as Texts;
  let pages: File[] = [];

  const show = (): void => {
    const sent = new DataTransfer();
    for (const page of pages) sent.items.add(page);
    chosen.files = sent.files;
    list.hidden = pages.length < 2;
    list.replaceChildren(...pages.map(row));
    const live = document.getElementById("live");
    if (live) live.textContent = texts.of.replace("{n}", String(pages.length));
  };
  const move = (from: number, to: number): void => {
    const [page] = pages.splice(from, 1);
    if (page) pages.splice(to, 0, page);
    show();
    list.querySelectorAll<HTMLElement>("li")[to]?.querySelector("button")?.focus();
  };
  const row = (page: File, at: number): HTMLLIElement => {
    const line = document.createElement("li");
    const name = `${texts.page} ${at + 1}`;
    const drawn = document.createElement("canvas");
    drawn.setAttribute("aria-hidden", "true");
    const label = document.createElement("span");
    label.textContent = `${name}: ${page.name}`;
    line.append(drawn, label);
    if (at > 0) line.append(button(texts.up, name, () => move(at, at - 1)));
    if (at + 1 < pages.length) line.append(button(texts.down, name, () => move(at, at + 1)));
    const out = (): void => {
      pages.splice(at, 1);
      show();
    };
    line.append(button(texts.remove, name, out));
    void thumbnail(page, drawn);
    return line;
  };

  camera.hidden = false;
  chosen.addEventListener("change", () => {
    pages = [...(chosen.files ?? [])];
    show();
  });
  shot.addEventListener("change", () => {
    pages = [...pages, ...(shot.files ?? [])];
    shot.value = "";
    show();
  });
}

/** A mark on a value a machine has read goes when a person has changed the value, or has said that it is right. */
function settle(event: Event): void {
  const target = event.target as HTMLElement;
  const box = target.closest<HTMLElement>("[data-doubt]");
  const right = target.closest("[data-doubt-right]");
  if (!box || (event.type === "click" && !right)) return;
  box.classList.remove("doubt");
  box.removeAttribute("data-doubt");
  box.querySelector(".hint")?.remove();
  const field = box.querySelector<HTMLElement>("input, select, textarea");
  field?.removeAttribute("aria-describedby");
  box.querySelector("[data-doubt-right]")?.remove();
  if (right) field?.focus();
}

/** Makes the pages of a paper in a part of the page alive, each once: twice would take a shot from the camera away. */
export function pages(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLElement>("[data-pages]:not([data-alive])")) {
    box.dataset["alive"] = "";
    enliven(box);
  }
  for (const right of root.querySelectorAll<HTMLElement>("[data-doubt-right]")) right.hidden = false;
}

export function doubts(): void {
  document.addEventListener("input", settle);
  document.addEventListener("click", settle);
}
