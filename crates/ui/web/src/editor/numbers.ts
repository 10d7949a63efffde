// Numbers of divisions, articles, clauses and points: each level counts by itself, and begins anew under what is above.
import type { Kind, Piece } from "./lines";

/** Letters of points, by the Vietnamese alphabet. */
const LETTERS = [..."abcdđeghiklmnopqrstuvxy"];

/** Ranks: what a line begins, all below it begins anew. Articles count through the whole document. */
const RANKS: Partial<Record<Kind, number>> = {
  part: 0,
  chapter: 1,
  section: 2,
  subsection: 3,
  heading: 4,
  article: 4,
  clause: 5,
  point: 6,
};

const ROMAN: [number, string][] = [
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];

function roman(n: number): string {
  let [left, text] = [n, ""];
  for (const [value, sign] of ROMAN) {
    for (; left >= value; left -= value) text += sign;
  }
  return text;
}

function shown(kind: Kind, n: number): string {
  if (kind === "point") return LETTERS[(n - 1) % LETTERS.length] ?? "a";
  return kind === "part" || kind === "chapter" || kind === "heading" ? roman(n) : String(n);
}

interface Counted {
  kind: Kind | "table";
  number: string;
  endsWithColon: boolean;
}

/** The numbers as they follow on each other; a dash keeps its sign. */
export function numbers(lines: Counted[]): string[] {
  const counts = new Map<Kind, number>();
  return lines.map(({ kind, number, endsWithColon }) => {
    if (kind === "table" || kind === "ground") return "";
    if (kind === "dash") return number || "-";
    const rank = RANKS[kind];
    if (rank === undefined) {
      // A line such as "Đề nghị:" begins a new row of points.
      if (endsWithColon) counts.delete("point");
      return "";
    }
    for (const [other, below] of Object.entries(RANKS) as [Kind, number][]) {
      if (below > rank && other !== "article") counts.delete(other);
    }
    const n = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, n);
    return shown(kind, n);
  });
}

/** True when a text is numbered as we would, so that we may go on numbering it. */
export function isOurs(pieces: Piece[]): boolean {
  const lines = pieces.map((piece) =>
    piece.kind === "table"
      ? { kind: piece.kind, number: "", endsWithColon: false }
      : { kind: piece.kind, number: piece.number, endsWithColon: piece.text.trimEnd().endsWith(":") },
  );
  return numbers(lines).every((number, at) => number === lines[at]?.number);
}
