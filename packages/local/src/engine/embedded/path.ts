import type { AttributeValue, Item } from "../item-change.ts";

/** A document path: attribute and map member names, and list positions. */
export type Path = readonly (string | number)[];

function memberOf(parent: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === "number") return "L" in parent ? parent.L[step] : undefined;
  return "M" in parent && Object.hasOwn(parent.M, step) ? parent.M[step] : undefined;
}

/** The value at a path, or undefined when any step of it is absent. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let current: AttributeValue | undefined = { M: item };
  for (const step of path) {
    if (current === undefined) return undefined;
    current = memberOf(current, step);
  }
  return current;
}

/** What a projection has selected so far of a list or map. */
type Selected =
  | { readonly whole: AttributeValue }
  | { readonly members: Map<string, Selected> }
  | { readonly positions: Map<number, Selected> };

function select(target: Map<string, Selected>, path: Path, value: AttributeValue): void {
  let members: Map<string, Selected> | Map<number, Selected> = target;
  path.forEach((step, depth) => {
    const store = members as Map<string | number, Selected>;
    if (depth === path.length - 1) {
      store.set(step, { whole: value });
      return;
    }
    const wanted: Selected =
      typeof path[depth + 1] === "number" ? { positions: new Map() } : { members: new Map() };
    const present = store.get(step) ?? wanted;
    store.set(step, present);
    if ("positions" in present) members = present.positions;
    else if ("members" in present) members = present.members;
  });
}

function built(selected: Selected): AttributeValue {
  if ("whole" in selected) return selected.whole;
  if ("members" in selected) return { M: builtItem(selected.members) };
  // list elements close up, in the order of their positions
  const positions = [...selected.positions.entries()].sort(([a], [b]) => a - b);
  return { L: positions.map(([, member]) => built(member)) };
}

function builtItem(members: ReadonlyMap<string, Selected>): Item {
  return Object.fromEntries([...members].map(([name, member]) => [name, built(member)]));
}

/** The parts of an item that the paths name. Paths do not overlap: the parser refuses that. */
export function project(item: Item, paths: readonly Path[]): Item {
  const selected = new Map<string, Selected>();
  for (const path of paths) {
    const value = valueAt(item, path);
    if (value !== undefined) select(selected, path, value);
  }
  return builtItem(selected);
}
