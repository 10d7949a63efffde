// The pages as they will be printed, drawn anew a moment after the last keystroke. One question is asked at a time: what
// was written meanwhile is asked next, and a question that takes long gives way to it: the server ends it too.

const PAUSE_MS = 250;
const LONG_MS = 1000;

export function preview(): void {
  const pane = document.querySelector<HTMLElement>("[data-preview]");
  const form = pane?.closest("form");
  const address = pane?.dataset["preview"];
  if (!pane || !form || !address) return;
  const state = document.querySelector<HTMLElement>("[data-preview-state]");
  let timer = 0;
  let begun = 0;
  let running: AbortController | undefined;
  let again = false;

  const ask = async (): Promise<void> => {
    if (running) {
      again = true;
      if (performance.now() - begun > LONG_MS) running.abort();
      return;
    }
    running = new AbortController();
    again = false;
    begun = performance.now();
    try {
      const answer = await fetch(address, {
        method: "POST",
        body: new URLSearchParams(values(form)),
        credentials: "same-origin",
        redirect: "error",
        signal: running.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      await show(pane, await answer.text());
      performance.measure("preview", { start: begun });
      if (state) state.textContent = "";
    } catch {
      if (state && !again) state.textContent = pane.dataset["failed"] ?? "";
    }
    running = undefined;
    if (again) void ask();
  };
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), PAUSE_MS);
  });
  void ask();
}

/** What the form holds, without files. */
function values(form: HTMLFormElement): [string, string][] {
  const all: [string, string][] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "_once") all.push([name, value]);
  }
  return all;
}

/** Changes the pages when the new ones are ready to be seen, so that nothing flickers and nothing jumps. */
async function show(pane: HTMLElement, html: string): Promise<void> {
  const part = document.createElement("template");
  part.innerHTML = html;
  const pages = [...part.content.querySelectorAll("img")];
  await Promise.all(pages.map((page) => page.decode().catch(() => undefined)));
  pane.replaceChildren(part.content);
}
