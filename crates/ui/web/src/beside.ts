// From one document of a list to the next without going back to it. The list somebody opens a document from is kept for
// the tab; on the document's page it says what comes before and after. Without it the server's own links stand.

const LIST = "list";

export function beside(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("main [data-row] a[href], main tbody th a[href]");
    if (link) keep(link);
  });
  const place = document.querySelector<HTMLElement>("[data-beside]");
  if (!place) return;
  const list = JSON.parse(sessionStorage.getItem(LIST) ?? "[]") as string[];
  const at = list.indexOf(location.pathname);
  if (at < 0) return;
  lead(place.querySelector("[rel=prev]"), list[at - 1]);
  lead(place.querySelector("[rel=next]"), list[at + 1]);
  place.hidden = place.querySelector("a:not([hidden])") === null;
}

/** Keeps the documents of the list this link stands in, in their order. */
function keep(link: HTMLAnchorElement): void {
  const rows = document.querySelectorAll("main [data-row], main tbody tr");
  const links = [...rows].map((row) => row.querySelector<HTMLAnchorElement>("a[data-open], th a[href], a[href]"));
  const paths = [...new Set(links.flatMap((one) => (one ? [one.pathname] : [])))];
  if (paths.includes(link.pathname)) sessionStorage.setItem(LIST, JSON.stringify(paths));
}

function lead(link: HTMLAnchorElement | null, path: string | undefined): void {
  if (!link) return;
  link.hidden = path === undefined;
  if (path === undefined) link.removeAttribute("href");
  else link.href = path;
}
