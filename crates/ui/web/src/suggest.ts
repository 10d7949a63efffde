// The search box of every page: what it finds stands under it while one writes. Enter without a marked line
// searches as without script.
import { Combobox } from "./combobox";

export function suggest(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-suggest]");
  const input = form?.querySelector<HTMLInputElement>("input[type=search]");
  const list = form?.querySelector<HTMLElement>("[role=listbox]");
  if (!form || !input || !list) return;
  input.autocomplete = "off";
  // The lines carry the address of what was found.
  const choose = (option: HTMLElement): void => location.assign(option.dataset["id"] ?? form.action);
  new Combobox(input, list, { address: form.dataset["suggest"] ?? "", choose, eager: false });
}
