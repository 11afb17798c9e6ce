/** Up to three of `names` that are spelt like `wanted`: same letters apart from case, a prefix, or two edits that leave something of it. */
export function nearNames(wanted: string, names: readonly string[]): string[] {
  const target = wanted.toLowerCase();
  const scored = [...new Set(names)].map((name) => ({ name, distance: distance(target, name.toLowerCase()) }));
  return scored
    .filter(
      ({ name, distance: edits }) =>
        (edits <= 2 && edits < target.length) || (target.length > 2 && name.toLowerCase().startsWith(target)),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
