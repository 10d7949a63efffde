// The picker: what is chosen stands before the box; Backspace in the empty box takes the last away.
import { Combobox } from "./combobox";

class Picker {
  private readonly input: HTMLInputElement;
  private readonly pattern: HTMLTemplateElement;
  private readonly box: Combobox;

  constructor(private readonly root: HTMLElement) {
    this.input = root.querySelector<HTMLInputElement>(".picker > input")!;
    this.pattern = root.querySelector("template")!;
    root.querySelector(".picker__find")?.remove();
    // The words that were searched for are no part of what is sent.
    this.input.removeAttribute("name");
    this.box = new Combobox(this.input, root.querySelector<HTMLElement>("[role=listbox]")!, {
      address: root.dataset["picker"] ?? "",
      choose: (option) => this.choose(option),
      eager: true,
    });
    this.input.addEventListener("keydown", (event) => this.takeAway(event));
  }

  private takeAway(event: KeyboardEvent): void {
    if (event.isComposing || event.key !== "Backspace" || this.input.value !== "") return;
    const last = [...this.root.querySelectorAll<HTMLElement>(".token")].pop();
    last?.remove();
    this.tell();
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
    this.box.close();
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
}

/** Makes the pickers in a part of the page alive, each once. */
export function pickers(root: ParentNode): void {
  for (const one of root.querySelectorAll<HTMLElement>("[data-picker]:not([data-alive])")) {
    one.dataset["alive"] = "";
    new Picker(one);
  }
}
