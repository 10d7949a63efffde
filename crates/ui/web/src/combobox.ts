// A box with a list under it: search on the server while writing, arrows to move, Enter or a click to choose.

const PAUSE_MS = 180;

export interface Manner {
  /** Where the server is asked; it answers the lines of the list. */
  address: string;
  /** What choosing a line does. */
  choose: (option: HTMLElement) => void;
  /** True when the best line is marked at once, so that Enter takes it. */
  eager: boolean;
}

export class Combobox {
  private timer = 0;
  private asked = 0;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly list: HTMLElement,
    private readonly manner: Manner,
  ) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = (event.target as HTMLElement).closest<HTMLElement>("[data-id]");
      if (option) this.manner.choose(option);
    });
  }

  close(): void {
    window.clearTimeout(this.timer);
    // An answer that is still under way comes too late.
    this.asked += 1;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.search(), PAUSE_MS);
  }

  private async search(): Promise<void> {
    const words = this.input.value.trim();
    if (words === "") return this.close();
    const turn = ++this.asked;
    const address = new URL(this.manner.address, location.href);
    address.searchParams.set("q", words);
    try {
      const answer = await fetch(address, { credentials: "same-origin", headers: { "HX-Request": "true" } });
      const html = answer.ok ? await answer.text() : "";
      // An answer that was overtaken by a newer question is thrown away.
      if (turn !== this.asked) return;
      this.list.innerHTML = html;
      this.options().forEach((option, n) => (option.id = `${this.list.id}-${n}`));
      this.list.hidden = html === "";
      this.input.setAttribute("aria-expanded", String(!this.list.hidden));
      this.mark(this.manner.eager ? 0 : -1);
    } catch {
      this.close();
    }
  }

  private options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[data-id]")];
  }

  private marked(): number {
    return this.options().findIndex((option) => option.getAttribute("aria-selected") === "true");
  }

  private mark(at: number): void {
    const all = this.options();
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    const option = all[at];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  private key(event: KeyboardEvent): void {
    const all = this.options();
    const at = this.marked();
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && all.length > 0) {
      this.mark((at + 1) % all.length);
    } else if (event.key === "ArrowUp" && all.length > 0) {
      this.mark(at <= 0 ? all.length - 1 : at - 1);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      const option = this.list.hidden ? undefined : all[at];
      if (option) this.manner.choose(option);
      // Enter in a picker never sends its form; in a box that only suggests it does.
      else if (!this.manner.eager) return;
    } else if (event.key === "Escape" && !this.list.hidden) {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
