// The product like a program of its own: its worker is registered on every page; on the page of devices, notices are
// switched on for this browser.

export function app(): void {
  if (!("serviceWorker" in navigator) || location.protocol === "file:") return;
  // Without it everything works but notices and the page that says that nobody answers.
  navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

export function push(): void {
  const place = document.querySelector<HTMLElement>("[data-push]");
  const form = place?.querySelector("form");
  const says = place?.querySelector("[data-push-says]");
  if (!place || !form || !says) return;
  const say = (what: string): void => {
    says.textContent = place.dataset[what] ?? "";
  };
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    form.hidden = true;
    say("unable");
    return;
  }
  const fill = (name: string, value: string | undefined): void => {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value ?? "";
  };
  const subscribe = async (): Promise<void> => {
    if ((await Notification.requestPermission()) !== "granted") {
      say("denied");
      return;
    }
    const { pushManager } = await navigator.serviceWorker.ready;
    // A subscription made for another key is of no use to this server.
    await (await pushManager.getSubscription())?.unsubscribe();
    const key = bytes(place.dataset["push"] ?? "");
    const made = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
    fill("endpoint", made.endpoint);
    fill("p256dh", made.keys?.["p256dh"]);
    fill("auth", made.keys?.["auth"]);
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    says.textContent = "";
    subscribe().catch(() => say("failed"));
  }, true);
}
