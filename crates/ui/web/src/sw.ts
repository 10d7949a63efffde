// The worker of the product. It keeps the program's own files and one page that says that nobody answers; a page with
// somebody's data is never kept. It shows notices, and leads to their page.

declare const self: ServiceWorkerGlobalScope & {
  /** Addresses of the program's files; each carries the hash of its bytes. Written before this script by the server. */
  kept: string[];
};

interface ServiceWorkerGlobalScope extends EventTarget {
  readonly clients: { claim(): Promise<void>; matchAll(wanted: object): Promise<Page[]>; openWindow(url: string): Promise<unknown> };
  readonly registration: ServiceWorkerRegistration;
  readonly location: Location;
  skipWaiting(): Promise<void>;
}
interface Page {
  readonly url: string;
  focus(): Promise<Page>;
  navigate(url: string): Promise<Page | null>;
}
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetch extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Pushed extends Waiting {
  readonly data: { json(): unknown } | null;
}
interface Clicked extends Waiting {
  readonly notification: Notification;
}
interface Notice {
  title?: string;
  path?: string;
  tag?: string;
  urgent?: boolean;
}

const OFFLINE = "/offline";
const icon = self.kept.find((address) => address.includes("/app-192."));
// A changed file has another name, so another list is another store.
const store = "vanlang-" + self.kept.join("").replace(/[^0-9a-f]/g, "").slice(-40);

self.addEventListener("install", (event) => {
  const fill = async (): Promise<void> => {
    const cache = await caches.open(store);
    await cache.addAll([...self.kept, OFFLINE]);
    await self.skipWaiting();
  };
  (event as Waiting).waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const clear = async (): Promise<void> => {
    for (const name of await caches.keys()) if (name !== store) await caches.delete(name);
    await self.clients.claim();
  };
  (event as Waiting).waitUntil(clear());
});

self.addEventListener("fetch", (event) => {
  const { request, respondWith } = { request: (event as Fetch).request, respondWith: (event as Fetch).respondWith.bind(event) };
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (self.kept.includes(pathname)) {
    respondWith(caches.match(pathname).then((found) => found ?? fetch(request)));
  } else if (request.mode === "navigate") {
    respondWith(fetch(request).catch(async () => (await caches.match(OFFLINE)) ?? Response.error()));
  }
});

self.addEventListener("push", (event) => {
  const notice = ((event as Pushed).data?.json() ?? {}) as Notice;
  const urgent = notice.urgent === true;
  const options = {
    tag: notice.tag,
    icon,
    badge: icon,
    data: notice.path ?? "/notices",
    // What is urgent rings and stays until somebody opens it.
    requireInteraction: urgent,
    silent: !urgent,
    ...(urgent ? { vibrate: [200, 100, 200], renotify: notice.tag !== undefined } : {}),
  };
  (event as Waiting).waitUntil(self.registration.showNotification(notice.title ?? "Văn Lang", options));
});

self.addEventListener("notificationclick", (event) => {
  const { notification } = event as Clicked;
  notification.close();
  // Only a page of our own, whatever the notice says.
  const wanted = new URL(String(notification.data ?? "/notices"), self.location.origin);
  const url = wanted.origin === self.location.origin ? wanted.href : self.location.origin + "/notices";
  const open = async (): Promise<void> => {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: false });
    // A page somebody writes in is left alone: one that shows the wanted address, else the desk, else a new one.
    const page = pages.find((one) => one.url === url) ?? pages.find((one) => ["/", "/notices"].includes(new URL(one.url).pathname));
    if (!page) {
      await self.clients.openWindow(url);
      return;
    }
    const shown = page.url === url ? page : ((await page.navigate(url)) ?? page);
    // A browser may refuse to bring a window to the front; the page is there all the same.
    await shown.focus().catch(() => undefined);
  };
  (event as Waiting).waitUntil(open());
});

export {};
