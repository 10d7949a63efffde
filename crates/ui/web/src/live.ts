// Live counts: the server says when the numbers of the rail and of the notices change.

interface Counts {
  notices?: number;
  /** Address of a rail line: how many wait there, how many of them are overdue. */
  rail?: Record<string, [number, number]>;
}

function number(place: Element | null, value: number): boolean {
  const shown = place?.querySelector<HTMLElement>("[data-number]");
  if (!shown || shown.textContent === String(value)) return false;
  shown.textContent = String(value);
  return true;
}

function apply(counts: Counts): void {
  for (const [href, [count, late]] of Object.entries(counts.rail ?? {})) {
    const place = document.querySelector(`.rail a[href="${CSS.escape(href)}"] [data-count]`);
    number(place, count);
    place?.classList.toggle("count--late", late > 0);
    const line = place?.closest<HTMLElement>("[data-quiet]");
    if (line) line.hidden = count === 0 && !line.querySelector("[aria-current]");
  }
  if (counts.notices === undefined) return;
  const bell = document.querySelector("[data-notices]");
  const badge = bell?.querySelector<HTMLElement>("[data-number]");
  const before = Number(badge?.textContent ?? 0);
  if (!number(bell, counts.notices)) return;
  if (badge) badge.hidden = counts.notices === 0;
  const live = document.getElementById("live");
  if (!live || counts.notices <= before) return;
  // One and many, as in the texts of the server: "one|other".
  const [one = "", other = one] = (live.dataset["text"] ?? "").split("|");
  const added = counts.notices - before;
  live.textContent = (added === 1 ? one : other).replace("{n}", String(added));
}

export function live(): void {
  const address = document.body.dataset["events"];
  if (!address || !("EventSource" in window) || location.protocol === "file:") return;
  let source: EventSource | undefined;
  const start = (): void => {
    source = new EventSource(address);
    source.addEventListener("counts", (event) => apply(JSON.parse((event as MessageEvent<string>).data) as Counts));
  };
  // A page nobody looks at holds no connection.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      source?.close();
      source = undefined;
    } else if (!source) {
      start();
    }
  });
  start();
}
