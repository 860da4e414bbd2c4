// Finds what may be chosen in an answer, where a form's `source` says that it stands.

import type { Schemas } from "./client";

type Row = Record<string, unknown>;

/** The choices there, of those that are in force; where the form says within what, those inside the one that is chosen. */
export function offered(answer: unknown, source: Schemas["Source"], chosen: unknown): Schemas["Choice"][] {
  const path = source.value.split(".");
  const depth = path.length - 1;
  const only = Object.entries(source.only).map(([place, value]) => ({ names: place.split("."), value }));
  return walk(answer, path.slice(0, depth))
    .filter((chain) => only.every(({ names, value }) => chain[names.length - 1]?.[names.at(-1)!] === value))
    .filter((chain) => !source.within || chain.some((row) => Object.values(row).includes(chosen)))
    .map((chain) => chain.at(-1)!)
    .map((row) => ({
      value: read(row, path.slice(depth)),
      label: source.label.map((place) => read(row, place.split(".").slice(depth))).join(" "),
    }));
}

/** Each object at that place, after those that it stands inside: `items.groups` are the groups of each item. */
function walk(here: unknown, path: string[]): Row[][] {
  const rows = (Array.isArray(here) ? here : [here]) as Row[];
  const [name, ...rest] = path;
  if (name === undefined) return rows.map((row) => [row]);
  return rows.flatMap((row) => walk(row[name], rest).map((chain) => [row, ...chain]));
}

function read(row: Row, path: string[]): string {
  return String(path.reduce<unknown>((at, name) => (at as Row | null)?.[name] ?? "", row));
}
