import { type Output, printable } from "../output.ts";

interface Deleted {
  deleted: { name: string };
  kept: string[];
  deletedChildren?: { name: string }[];
  children?: { name: string }[];
  childrenWorkFor?: { name: string } | null;
}

export function renderDeleted(
  { deleted, kept, deletedChildren = [], children = [], childrenWorkFor }: Deleted,
  output: Output,
): void {
  output.data(`Deleted ${[deleted, ...deletedChildren].map(({ name }) => name).join(", ")}`);
  if (children.length > 0) {
    const names = children.map(({ name }) => name).join(", ");
    output.note(`${names} worked for ${deleted.name}, and ${workFor(children.length, childrenWorkFor?.name)}`);
  }
  for (const path of kept) output.note(`kept ${printable(path)}`);
}

function workFor(count: number, heir: string | undefined): string {
  if (heir !== undefined) return count === 1 ? `works for ${heir} now` : `work for ${heir} now`;
  return count === 1 ? "stays (--with-children deletes it, too)" : "stay (--with-children deletes them, too)";
}
