// The printed pages of a document beside its words: where there is room for a sheet the paper comes first, and the words
// fold away. On a telephone the words stay: they are read without spreading fingers.

const ROOM = "(min-width: 48rem)";

export function paper(): void {
  const words = document.querySelector<HTMLDetailsElement>("[data-words]");
  if (!words || !matchMedia(ROOM).matches) return;
  const place = document.querySelector<HTMLElement>("[data-pages]");
  if (place) void drawn(place, words);
  else if (navigator.pdfViewerEnabled) words.open = false;
}

/** Puts the pages in when the first of them can be seen; a refusal of the printer leaves the words as they are. */
async function drawn(place: HTMLElement, words: HTMLDetailsElement): Promise<void> {
  try {
    const answer = await fetch(place.dataset["pages"] ?? "", { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    const first = part.content.querySelector("img");
    if (!first) return;
    await first.decode().catch(() => undefined);
    place.replaceChildren(part.content);
    place.hidden = false;
    words.open = false;
  } catch {
    // Nobody answers: the words are there.
  }
}
