// The picker: search on the server while writing, arrows and Enter to choose, Backspace to take the last away.

const PAUSE_MS = 180;

class Picker {
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private readonly pattern: HTMLTemplateElement;
  private timer = 0;
  private asked = 0;

  constructor(private readonly root: HTMLElement) {
    this.input = root.querySelector<HTMLInputElement>(".picker > input")!;
    this.list = root.querySelector<HTMLElement>("[role=listbox]")!;
    this.pattern = root.querySelector("template")!;
    root.querySelector(".picker__find")?.remove();
    // The words that were searched for are no part of what is sent.
    this.input.removeAttribute("name");
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = (event.target as HTMLElement).closest<HTMLElement>("[data-id]");
      if (option) this.choose(option);
    });
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.search(), PAUSE_MS);
  }

  private async search(): Promise<void> {
    const words = this.input.value.trim();
    if (words === "") return this.close();
    const turn = ++this.asked;
    const address = new URL(this.root.dataset["picker"] ?? "", location.href);
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
      this.mark(0);
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
      this.mark((at - 1 + all.length) % all.length);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      // Enter in the search box never sends the form.
      const option = this.list.hidden ? undefined : all[at];
      if (option) this.choose(option);
    } else if (event.key === "Escape" && !this.list.hidden) {
      this.close();
    } else if (event.key === "Backspace" && this.input.value === "") {
      const last = [...this.root.querySelectorAll<HTMLElement>(".token")].pop();
      last?.remove();
      this.tell();
      return;
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private choose(option: HTMLElement): void {
    const { id = "", label = "" } = option.dataset;
    const many = this.root.dataset["many"] !== undefined;
    if (!many) this.root.querySelectorAll(".token").forEach((token) => token.remove());
    const known = [...this.root.querySelectorAll<HTMLInputElement>(".token input")].find((box) => box.value === id);
    if (known) {
      known.checked = true;
    } else {
      this.input.before(this.token(id, label));
    }
    this.input.value = "";
    this.close();
    this.tell();
  }

  private token(id: string, label: string): DocumentFragment {
    const token = this.pattern.content.cloneNode(true) as DocumentFragment;
    const box = token.querySelector("input")!;
    box.value = id;
    box.checked = true;
    token.querySelector("span")!.textContent = label;
    return token;
  }

  /** Other parts of the page, autosave among them, learn of the change as of any other. */
  private tell(): void {
    this.root.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private close(): void {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

/** Makes the pickers in a part of the page alive, each once. */
export function pickers(root: ParentNode): void {
  for (const one of root.querySelectorAll<HTMLElement>("[data-picker]:not([data-alive])")) {
    one.dataset["alive"] = "";
    new Picker(one);
  }
}
