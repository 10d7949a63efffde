// The words of a DOCX, brought into the text while it can still be looked at and undone.

interface Answer {
  text?: string;
  told?: string;
  refused?: string;
}

export function words(add: (more: string) => void): void {
  const place = document.querySelector<HTMLElement>("[data-words]");
  const field = place?.querySelector<HTMLInputElement>("input[type=file]");
  const told = place?.querySelector<HTMLElement>("[data-words-told]");
  const address = place?.dataset["words"];
  if (!field || !told || !address) return;
  field.addEventListener("change", () => void bring(field, told, { address, add }));
}

async function bring(
  field: HTMLInputElement,
  told: HTMLElement,
  { address, add }: { address: string; add: (more: string) => void },
): Promise<void> {
  const file = field.files?.[0];
  const token = field.form?.querySelector<HTMLInputElement>("[name=_csrf]")?.value;
  if (!file || !token) return;
  const body = new FormData();
  // The server takes files only after the token.
  body.set("_csrf", token);
  body.set(field.name, file);
  try {
    const answer = await fetch(address, { method: "POST", body, credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const found = (await answer.json()) as Answer;
    if (found.text) add(found.text);
    told.textContent = found.refused ?? found.told ?? "";
    // Else it would come a second time with the form.
    field.value = "";
  } catch {
    // The file stays chosen and comes with the form.
  }
}
