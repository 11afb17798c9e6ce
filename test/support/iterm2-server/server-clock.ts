/** Time of the fake iTerm2: undo delays, bursts of input, programs that exit after a while. */
export interface ServerClock {
  /** Milliseconds, only good for differences. */
  now(): number;
  /** Runs the action once, after `ms`; the answer cancels it. */
  after(ms: number, action: () => void): () => void;
}

/** Real time. Its timers keep no process alive. */
export function realClock(): ServerClock {
  return {
    now: () => performance.now(),
    after(ms, action) {
      const timer = setTimeout(action, ms).unref();
      return () => clearTimeout(timer);
    },
  };
}

/** Time that only passes when a test says so. */
export class VirtualClock implements ServerClock {
  #now = 0;
  #timers: { at: number; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + ms, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets `ms` pass; what falls due runs in the order of its time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#now = due.at;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      due.action();
    }
    this.#now = end;
  }
}
