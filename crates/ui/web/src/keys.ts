// Keys: J and K move between rows, Enter opens, X selects, a letter presses the button that shows it.

/** Where the place in a list is kept over one act. */
const PLACE = "place";

/** True while a person writes, when a letter is a letter. */
function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "submit", "button"].includes(target.type)) ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("main [data-row]")].filter((row) => row.offsetParent !== null);
}

function here(): HTMLElement | null {
  return document.querySelector<HTMLElement>("main [data-row][data-here]");
}

function stand(row: HTMLElement | undefined): void {
  if (!row) return;
  const before = here();
  if (before) delete before.dataset["here"];
  row.dataset["here"] = "";
  const link = row.querySelector<HTMLElement>("a[data-open], th a, a");
  if (link) {
    link.focus({ preventScroll: true });
  } else {
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  }
  row.scrollIntoView({ block: "nearest" });
}

function move(step: number): boolean {
  const all = rows();
  if (all.length === 0) return false;
  const current = here();
  const at = current ? all.indexOf(current) : -1;
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  stand(all[Math.min(Math.max(next, 0), all.length - 1)]);
  return true;
}

function open(): boolean {
  const link = here()?.querySelector<HTMLAnchorElement>("a[data-open], th a, a[href]");
  link?.click();
  return link !== null && link !== undefined;
}

function pick(): boolean {
  const box = here()?.querySelector<HTMLInputElement>("input[type=checkbox]");
  box?.click();
  return box !== null && box !== undefined;
}

/** Presses the button that shows the key: in an open panel, on the current row, or outside of rows. */
function press(key: string): boolean {
  const first = (root: ParentNode): HTMLElement | undefined =>
    [...root.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)].find(
      (one) => (root !== document || !one.closest("[data-row]")) && one.getClientRects().length > 0,
    );
  const panel = document.querySelector<HTMLElement>(".panel:popover-open");
  const row = here();
  const acted = panel || !row ? undefined : first(row);
  // The row that is acted on goes; the next one stands in its place when the list comes back.
  if (acted && row) sessionStorage.setItem(PLACE, JSON.stringify([location.href, rows().indexOf(row)]));
  const target = panel ? first(panel) : (acted ?? first(document));
  target?.click();
  return target !== undefined;
}

function send(target: EventTarget | null): boolean {
  const form = target instanceof HTMLElement ? target.closest("form") : null;
  const button = (form ?? document).querySelector<HTMLElement>('[data-key="ctrl+enter"]');
  button?.click();
  return button !== null;
}

/** Stands where an act was done, when it led back to the same list. */
function resume(): void {
  const [address, at] = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]") as [string?, number?];
  if (address !== location.href || at === undefined) return;
  sessionStorage.removeItem(PLACE);
  const all = rows();
  stand(all[Math.min(at, all.length - 1)]);
}

/** Back to the list this page was opened from. */
function back(): boolean {
  const way = document.querySelector<HTMLAnchorElement>(".crumbs a");
  if (!way) return false;
  if (document.referrer.startsWith(location.origin) && history.length > 1) history.back();
  else way.click();
  return true;
}

/** Esc closes what is open, leaves what is written, lets go of the row, and then goes back. */
function escape(target: EventTarget | null): boolean {
  // An open panel closes by itself.
  if (document.querySelector(":popover-open")) return false;
  const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
    return true;
  }
  if (writing(target)) {
    (target as HTMLElement).blur();
    return true;
  }
  const row = here();
  if (row) {
    delete row.dataset["here"];
    return true;
  }
  return back();
}

function act(event: KeyboardEvent): boolean {
  if (event.key === "Escape") return escape(event.target);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event.target);
  if (writing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return false;
  switch (event.key) {
    case "j":
    case "J":
      return move(1) || press("j");
    case "k":
    case "K":
      return move(-1) || press("k");
    case "x":
    case "X":
      return pick() || press("x");
    case "/": {
      const search = document.querySelector<HTMLInputElement>("#q");
      search?.focus();
      search?.select();
      return search !== null;
    }
    case "?": {
      const panel = document.getElementById("keys");
      panel?.togglePopover();
      return panel !== null;
    }
    case "Enter":
      // A focused link or button answers Enter itself.
      return event.target === document.body && open();
    default:
      return event.key.length === 1 && press(event.key.toLowerCase());
  }
}

export function keys(): void {
  document.addEventListener("keydown", (event) => {
    // A Vietnamese keyboard composes letters; keys of a word being composed are not commands.
    if (event.isComposing || event.defaultPrevented) return;
    if (act(event)) event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("main [data-row]");
    const before = here();
    if (row && row !== before) {
      if (before) delete before.dataset["here"];
      row.dataset["here"] = "";
    }
  });
  resume();
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
}
