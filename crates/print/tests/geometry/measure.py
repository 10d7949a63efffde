"""Measures PDF files: lines of text with their place, font and size, and what is drawn. Prints JSON."""

import json
import sys

import pdfplumber

MM = 25.4 / 72


def mm(value):
    return round(value * MM, 2)


def lines(page):
    """Characters that share a baseline, one size and one font, with no gap wider than two letters."""
    found = []
    for char in page.chars:
        font = char["fontname"].split("+")[-1]
        base = round(page.height - char["matrix"][5], 1)
        last = found[-1] if found else None
        if (
            last
            and last["base"] == base
            and last["font"] == font
            and last["size"] == round(char["size"], 2)
            and abs(char["x0"] - last["end"]) < 2 * char["size"]
        ):
            last["text"] += char["text"]
            if char["text"].strip():
                last["end"] = char["x1"]
            continue
        if not char["text"].strip():
            continue
        found.append({
            "text": char["text"], "font": font, "size": round(char["size"], 2), "base": base,
            "start": char["x0"], "end": char["x1"], "colour": char["non_stroking_color"],
        })
    return [
        {
            "text": one["text"], "font": one["font"], "size": one["size"], "base": mm(one["base"]),
            "left": mm(one["start"]), "right": mm(one["end"]),
            "black": not any(one["colour"] or ()),
        }
        for one in found
    ]


def measured(path):
    with pdfplumber.open(path) as pdf:
        pages = []
        for page in pdf.pages:
            drawn = page.lines + page.rects + page.curves
            pages.append({
                "width": mm(page.width),
                "height": mm(page.height),
                "lines": lines(page),
                "drawn": [
                    {"left": mm(d["x0"]), "right": mm(d["x1"]), "top": mm(d["top"]), "bottom": mm(d["bottom"])}
                    for d in drawn
                ],
            })
        return pages


print(json.dumps({path: measured(path) for path in sys.argv[1:]}, ensure_ascii=False))
