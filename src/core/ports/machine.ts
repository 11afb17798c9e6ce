/** What the machine has left, read at one moment. */
export interface MachineRoom {
  /** Bytes that new processes can have without anything being swapped out; undefined where nobody can tell. */
  availableMemory: number | undefined;
  /** Load average of the last minute by processor; undefined where the system has none (Windows). */
  loadPerProcessor: number | undefined;
}

/** The machine that agents run on. */
export interface Machine {
  /** Some seconds old at most. */
  room(): Promise<MachineRoom>;
}
