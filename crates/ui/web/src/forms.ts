// Forms: sent once however often a button is pressed, a warning before unsent work is left, and the error
// summary read first.

const RELEASE_MS = 10_000;

const changed = new WeakSet<HTMLFormElement>();

/** True when the form holds work that was neither sent nor saved. */
export function unsent(form: HTMLFormElement): boolean {
  return changed.has(form);
}

export function settled(form: HTMLFormElement): void {
  changed.delete(form);
}

export function touched(form: HTMLFormElement): void {
  changed.add(form);
}

function once(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  changed.delete(form);
  if (form.method !== "post") return;
  if (form.dataset["sent"] !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset["sent"] = "";
  const button = event.submitter;
  // The button is marked, not disabled: a disabled button would leave its own name out of the form.
  button?.setAttribute("aria-disabled", "true");
  const word = document.body.dataset["sending"];
  const live = document.getElementById("live");
  if (word && live) live.textContent = word;
  // When no answer comes the form may be tried again; the server still acts once.
  window.setTimeout(again, RELEASE_MS);
}

/** A page that comes back from the history may be sent again. */
function again(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
    delete form.dataset["sent"];
    form.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
}

/** All boxes of a queue, or none when all are ticked already. */
function pickAll(event: MouseEvent): void {
  const form = (event.target as HTMLElement).closest<HTMLElement>("[data-pick-all]")?.closest("form");
  const boxes = [...(form?.querySelectorAll<HTMLInputElement>(".qrow__pick input") ?? [])];
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
}

/** What was opened to be filled in is ready to be written in. */
function opened(event: Event): void {
  const details = event.target;
  if (!(details instanceof HTMLDetailsElement) || !details.open || !details.matches(".more")) return;
  details.querySelector<HTMLElement>("textarea, input:not([type=hidden]), select")?.focus();
}

export function forms(): void {
  document.addEventListener("submit", once);
  document.addEventListener("click", pickAll);
  // The event of a details element does not bubble, but it can be caught on its way down.
  document.addEventListener("toggle", opened, true);
  window.addEventListener("pageshow", again);
  document.addEventListener("input", (event) => {
    const form = (event.target as HTMLElement).closest?.("form");
    if (!form || form.method !== "post") return;
    touched(form);
    // The bar of a phone says what its button does; what it said before may not be true any more.
    const says = form.querySelector<HTMLElement>(".actbar [data-changed]");
    if (says) says.textContent = says.dataset["changed"] ?? "";
  });
  window.addEventListener("beforeunload", (event) => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-guard]")) {
      if (unsent(form) && form.dataset["sent"] === undefined) {
        // The browser shows its own words; asking is all a page may do.
        event.preventDefault();
        return;
      }
    }
  });
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}
