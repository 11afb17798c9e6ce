import type { MachineRoom } from "../core/ports/machine.ts";
import type { Settings } from "../core/settings.ts";

/** What the machine has for new agents. */
export interface Room {
  /** Megabytes of free memory; undefined where it does not matter, or nobody can tell. */
  freeMemory: number | undefined;
  /** Megabytes that each new agent wants. */
  wanted: number;
  /** Agents that were started just now and have not taken their memory yet. */
  starting: number;
  /** Load average for each processor, and the most that there may be; undefined as above. */
  load: { now: number; most: number } | undefined;
}

const MEGABYTE = 1_000_000;
/** A reason that changed with each megabyte would be written, and wake every process, at each look. */
const SHOWN_MEGABYTES = 100;

export function roomOf(
  { availableMemory, loadPerProcessor }: MachineRoom,
  { minFreeMemory, maxLoad }: Pick<Settings, "minFreeMemory" | "maxLoad">,
  starting: number,
): Room {
  const isBounded = minFreeMemory > 0 && availableMemory !== undefined;
  return {
    freeMemory: isBounded ? Math.floor(availableMemory / MEGABYTE) : undefined,
    wanted: minFreeMemory,
    starting,
    load: maxLoad > 0 && loadPerProcessor !== undefined ? { now: loadPerProcessor, most: maxLoad } : undefined,
  };
}

/** Why no new agent may be started beside so many that are to be started already; undefined when one may. */
export function whyNoRoom({ freeMemory, wanted, starting, load }: Room, planned: number): string | undefined {
  const taken = (starting + planned) * wanted;
  if (freeMemory !== undefined && freeMemory - taken < wanted) {
    const others = taken > 0 ? `, of which ${taken} are for agents that are starting` : "";
    return `the machine has ${shown(freeMemory)} of free memory${others}; a new agent wants ${wanted}`;
  }
  if (load && load.now > load.most) {
    return `the load of the machine is ${load.now.toFixed(1)} for each processor, a new agent wants ${load.most} at most`;
  }
  return undefined;
}

function shown(megabytes: number): string {
  const rounded = Math.floor(megabytes / SHOWN_MEGABYTES) * SHOWN_MEGABYTES;
  return rounded > 0 ? `about ${rounded} MB` : `less than ${SHOWN_MEGABYTES} MB`;
}
