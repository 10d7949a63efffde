// A draft saves itself a moment after the last keystroke, and again when the page is left.
import { settled, touched, unsent } from "./forms";

const PAUSE_MS = 1500;
const RETRY_MS = 10_000;

function show(form: HTMLFormElement, text: string | undefined): void {
  const place = form.querySelector<HTMLElement>("[data-saved]") ?? document.querySelector<HTMLElement>("[data-saved]");
  if (place && text) place.textContent = text;
}

function note(form: HTMLFormElement, name: "text" | "failed"): string | undefined {
  const place = form.querySelector<HTMLElement>("[data-saved]") ?? document.querySelector<HTMLElement>("[data-saved]");
  const now = new Date();
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
  return place?.dataset[name]?.replace("{time}", time);
}

function draft(form: HTMLFormElement): FormData {
  const data = new FormData(form);
  // Files travel with the form itself, not with each draft.
  for (const [name, value] of [...data.entries()]) {
    if (value instanceof File) data.delete(name);
  }
  data.set("_autosave", "1");
  return data;
}

async function save(form: HTMLFormElement, again: () => void): Promise<void> {
  const address = form.dataset["autosave"];
  if (!address || form.dataset["sent"] !== undefined || !unsent(form)) return;
  settled(form);
  try {
    const body = new URLSearchParams(draft(form) as unknown as Record<string, string>);
    const answer = await fetch(address, { method: "POST", body, credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    show(form, note(form, "text"));
  } catch {
    // Still unsent: say so, and try later.
    touched(form);
    show(form, note(form, "failed"));
    window.setTimeout(again, RETRY_MS);
  }
}

export function autosave(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) {
    let timer = 0;
    const later = (): void => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void save(form, later), PAUSE_MS);
    };
    form.addEventListener("input", later);
    document.addEventListener("visibilitychange", () => {
      const address = form.dataset["autosave"];
      if (document.visibilityState !== "hidden" || !address || !unsent(form)) return;
      const body = new URLSearchParams(draft(form) as unknown as Record<string, string>);
      if (navigator.sendBeacon(address, body)) settled(form);
    });
  }
}
