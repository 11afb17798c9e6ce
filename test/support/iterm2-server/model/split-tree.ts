import type { GridSize } from "../programs/program.ts";

/** A pane of the tree. */
export interface Leaf {
  readonly size: GridSize;
  resizeTo(size: GridSize): void;
}

/** Panes side by side (`isVertical`: the dividers are vertical) or above each other; a divider takes one cell. */
export class SplitNode<L extends Leaf> {
  isVertical: boolean;
  children: (SplitNode<L> | L)[];

  constructor(isVertical: boolean, children: (SplitNode<L> | L)[]) {
    this.isVertical = isVertical;
    this.children = children;
  }

  /** All panes, left to right and top to bottom. */
  get leaves(): L[] {
    return this.children.flatMap((child) => (child instanceof SplitNode ? child.leaves : [child]));
  }

  /** What the children and their dividers take. */
  get size(): GridSize {
    const sizes = this.children.map((child) => child.size);
    const across = (pick: (size: GridSize) => number) =>
      sizes.reduce((sum, size) => sum + pick(size), sizes.length - 1);
    const widest = (pick: (size: GridSize) => number) => Math.max(...sizes.map(pick));
    return this.isVertical
      ? { width: across((size) => size.width), height: widest((size) => size.height) }
      : { width: widest((size) => size.width), height: across((size) => size.height) };
  }

  /** Gives every pane its share of `size`, in proportion to what it had. */
  layOut(size: GridSize): void {
    const extent = (of: GridSize) => (this.isVertical ? of.width : of.height);
    const had = this.children.map((child) => Math.max(1, extent(child.size)));
    const sum = had.reduce((total, one) => total + one, 0);
    let left = extent(size) - (this.children.length - 1);
    const room = left;
    this.children.forEach((child, index) => {
      const isLast = index === this.children.length - 1;
      const share = isLast ? left : Math.max(1, Math.floor((room * (had[index] ?? 1)) / sum));
      left -= share;
      const given = this.isVertical ? { width: share, height: size.height } : { width: size.width, height: share };
      if (child instanceof SplitNode) child.layOut(given);
      else child.resizeTo(given);
    });
  }

  /** Puts `added` beside `leaf`, which gives it half of its room. */
  split(leaf: L, added: L, { isVertical, isBefore }: { isVertical: boolean; isBefore: boolean }): void {
    const total = this.size;
    const parent = this.#parentOf(leaf);
    const { width, height } = leaf.size;
    const [first, second] = halves(isVertical ? width : height);
    leaf.resizeTo(isVertical ? { width: first, height } : { width, height: first });
    added.resizeTo(isVertical ? { width: second, height } : { width, height: second });
    if (parent.children.length === 1) parent.isVertical = isVertical;
    if (parent.isVertical === isVertical) {
      parent.children.splice(parent.children.indexOf(leaf) + (isBefore ? 0 : 1), 0, added);
    } else {
      const pair = new SplitNode<L>(isVertical, isBefore ? [added, leaf] : [leaf, added]);
      parent.children.splice(parent.children.indexOf(leaf), 1, pair);
    }
    this.layOut(total);
  }

  /** Takes the pane out; the others share its room. */
  remove(leaf: L): void {
    const total = this.size;
    const parent = this.#parentOf(leaf);
    parent.children.splice(parent.children.indexOf(leaf), 1);
    this.#collapse();
    if (this.children.length > 0) this.layOut(total);
  }

  replace(leaf: L, other: L): void {
    const parent = this.#parentOf(leaf);
    parent.children.splice(parent.children.indexOf(leaf), 1, other);
  }

  /** A node with a single child is none; a node within a node of its own direction is part of that one. */
  #collapse(): void {
    this.children = this.children.flatMap((child): (SplitNode<L> | L)[] => {
      if (!(child instanceof SplitNode)) return [child];
      child.#collapse();
      return child.children.length < 2 || child.isVertical === this.isVertical ? child.children : [child];
    });
    const [only] = this.children;
    if (this.children.length === 1 && only instanceof SplitNode) {
      this.isVertical = only.isVertical;
      this.children = only.children;
    }
  }

  #parentOf(leaf: L): SplitNode<L> {
    for (const child of this.children) {
      if (child === leaf) return this;
      if (child instanceof SplitNode && child.leaves.includes(leaf)) return child.#parentOf(leaf);
    }
    throw new Error("The pane is not in this tree");
  }
}

/** The two sizes that a pane of this size splits into. */
export function halves(extent: number): readonly [number, number] {
  const second = Math.floor((extent - 1) / 2);
  return [extent - 1 - second, second];
}
