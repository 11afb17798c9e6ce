import { type Output, printable } from "../output.ts";

interface Deleted {
  deleted: { name: string };
  kept: string[];
}

export function renderDeleted({ deleted, kept }: Deleted, output: Output): void {
  output.data(`Deleted ${deleted.name}`);
  for (const path of kept) output.note(`kept ${printable(path)}`);
}
