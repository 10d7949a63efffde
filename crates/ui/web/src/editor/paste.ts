// What comes from the clipboard, from Word and from pages, as lines of our text.
import { closeHistory } from "prosemirror-history";
import { Slice } from "prosemirror-model";
import { isInTable } from "prosemirror-tables";
import type { EditorView } from "prosemirror-view";
import { marked, runs, type Run } from "./lines";
import { inline, nodes } from "./schema";

const STYLE = "data-style";
const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, tr, div, blockquote, pre, dt, dd";
const LABEL = /^(Điều \d{1,3}\.|Phần [IVX]+\.?|Chương [IVX]+\.?|Mục \d+\.?|[IVX]{1,5}\.|\d{1,3}\.|[a-zđ]\)|[-–+])\s/;

/** The words of an element, bold and italic ones marked. Word's own notes come as comments and are no words. */
function words(root: Element, skip: string): Run[] {
  const out: Run[] = [];
  const walk = (node: Node, bold: boolean, italic: boolean): void => {
    if (node.nodeType === Node.TEXT_NODE) {
      out.push({ text: (node.textContent ?? "").replace(/[\s\u00a0]+/g, " "), bold, italic });
    }
    if (!(node instanceof Element)) return;
    if (node !== root && node.matches(skip)) return;
    if (node.matches("style, script, head, title, meta, link")) return;
    if (node.matches("br")) out.push({ text: " ", bold, italic });
    const style = node.getAttribute(STYLE) ?? "";
    const isBold = (bold || node.matches("b, strong")) && !/font-weight:\s*(normal|400)/.test(style);
    const isItalic = (italic || node.matches("i, em")) && !/font-style:\s*normal/.test(style);
    for (const child of node.childNodes) {
      walk(child, isBold || /font-weight:\s*(bold|[6-9]00)/.test(style), isItalic || /font-style:\s*italic/.test(style));
    }
  };
  walk(root, false, false);
  return out;
}

function line(all: Run[]): string {
  // Runs of one hand in one; single spaces; none at the ends.
  const joined: Run[] = [];
  for (const run of all) {
    const last = joined.at(-1);
    const text = last?.text.endsWith(" ") || (!last && run.text.startsWith(" ")) ? run.text.trimStart() : run.text;
    if (text === "") continue;
    if (last && last.bold === run.bold && last.italic === run.italic) last.text += text;
    else joined.push({ ...run, text });
  }
  const plain = joined.map((run) => run.text).join("").trim();
  if (plain.startsWith("Căn cứ ")) return plain;
  // The number of a line is set by what it is: its letters need no marks. Word writes "·" for a dash of a list.
  const bullet = /^[·•▪o§]\s/.exec(plain);
  const head = bullet?.[0] ?? LABEL.exec(plain)?.[0];
  if (!head) return marked(joined).trim();
  let left = head.length;
  const rest = joined.map((run) => {
    const cut = Math.min(left, run.text.length);
    left -= cut;
    return { ...run, text: run.text.slice(cut) };
  });
  return `${bullet ? "-" : head.trim()} ${marked(rest.filter((run) => run.text !== "")).trim()}`;
}

/** The number a list gives its item, for pages that do not write it out. */
function listed(item: Element): string {
  if (/mso-list/.test(item.getAttribute(STYLE) ?? "")) return "";
  const list = item.parentElement;
  if (!item.matches("li") || !list) return "";
  if (!list.matches("ol")) return "- ";
  const n = [...list.children].filter((one) => one.matches("li")).indexOf(item);
  const start = Number(list.getAttribute("start") ?? 1);
  const type = list.getAttribute("type") ?? "1";
  return /^a$/i.test(type) ? `${[..."abcdđeghiklmnopqrstuvxy"][(start - 1 + n) % 23]}) ` : `${start + n}. `;
}

/** HTML as lines of our text. */
export function lines(html: string): string {
  // The policy of the page holds for what is parsed too: styles are read as plain attributes.
  const bare = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=/gi, ` ${STYLE}=`);
  const page = new DOMParser().parseFromString(bare, "text/html");
  const out: string[] = [];
  const visit = (element: Element): void => {
    if (element.matches("table")) {
      if (out.at(-1)?.startsWith("|")) out.push("");
      for (const row of element.querySelectorAll("tr")) {
        const cells = [...row.children].map((cell) => line(words(cell, "table")).replaceAll("|", "\\|"));
        if (cells.length > 0) out.push(`| ${cells.join(" | ")} |`);
      }
      return;
    }
    const inner = [...element.children].some((child) => child.matches(`table, ul, ol, ${BLOCKS}`) || child.querySelector(`table, ${BLOCKS}`));
    if (!inner) {
      const text = line(words(element, "table"));
      if (text !== "") out.push(listed(element) + text);
      return;
    }
    const own = line(words(element, `table, ul, ol, ${BLOCKS}`));
    if (own !== "" && element.matches("li")) out.push(listed(element) + own);
    for (const child of element.children) visit(child);
  };
  visit(page.body);
  return out.join("\n");
}

/** Takes over what our own editor did not put on the clipboard. */
export function paste(view: EditorView, event: ClipboardEvent): boolean {
  const html = event.clipboardData?.getData("text/html") ?? "";
  if (html.includes("data-pm-slice")) return false;
  const plain = (event.clipboardData?.getData("text/plain") ?? "").replaceAll("\r", "");
  const text = html === "" ? plain : lines(html);
  if (text.trim() === "") return false;
  insert(view, text);
  return true;
}

/** Puts text in place of the selection: words into a line, lines as lines. */
export function insert(view: EditorView, text: string): void {
  const { state } = view;
  const { from, to } = state.selection;
  if (isInTable(state)) {
    const words = runs(text.replaceAll("\n", " ")).map((run) => run.text).join("");
    view.dispatch(state.tr.insertText(words.replaceAll("|", " ").trim(), from, to).scrollIntoView());
    return;
  }
  const content = nodes(text);
  const first = content.firstChild;
  if (content.childCount === 1 && first?.attrs["kind"] === "paragraph" && first.type.name === "line") {
    view.dispatch(closeHistory(state.tr).replaceWith(from, to, inline(text.trim())).scrollIntoView());
    return;
  }
  view.dispatch(closeHistory(state.tr).replaceRange(from, to, new Slice(content, 0, 0)).scrollIntoView());
}
