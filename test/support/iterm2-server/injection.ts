import type { Message } from "./wire/message.ts";

/** What goes wrong with one request. */
export type Fault =
  /** The effect at once, the response late. */
  | { kind: "delay"; ms: number }
  /** The effect, but never a response. */
  | { kind: "never" }
  /** The connection drops before the effect, or after it and before the response. */
  | { kind: "drop"; when: "before" | "after" }
  /** The response is a binary frame that is no message. */
  | { kind: "malformed" }
  /** The response has the id of no request. */
  | { kind: "wrong-id" }
  /** A response of at least this many bytes: the right one, and an unknown field that pads it. */
  | { kind: "huge"; bytes: number }
  /** The id matches, and there is nothing else. */
  | { kind: "no-submessage" }
  /** The server's own error text instead of a response. No effect. */
  | { kind: "error"; text: string }
  /** This response, and no effect. */
  | { kind: "respond"; body: Message }
  /** Something happens to the model between the arrival of the request and its effect. */
  | { kind: "before"; act: () => void | Promise<void> }
  /** Something happens right after the effect, before the response. */
  | { kind: "then"; act: () => void | Promise<void> };

/** `eof`: closed without a word; `hang`: no answer, ever. */
export type HandshakeFault = 400 | 401 | 406 | "eof" | "hang";

interface Rule {
  request: string;
  fault: Fault;
  skip: number;
  times: number;
}

/** Failures to come. They are used up in the order in which they were added. */
export class Injection {
  readonly #rules: Rule[] = [];
  readonly #handshakes: (HandshakeFault | undefined)[] = [];
  #stalled: (() => void)[] | undefined;
  #held: { count: number; sends: (() => void)[] } | undefined;

  /**
   * The next `times` requests of that name (`send_text`, or `*` for any), after `skip` that go well, meet the fault.
   */
  on(request: string, fault: Fault, { times = 1, skip = 0 }: { times?: number; skip?: number } = {}): void {
    this.#rules.push({ request, fault, times, skip });
  }

  /** The handshakes to come, one after the other; undefined lets one through to the usual rules. */
  handshakes(...faults: (HandshakeFault | undefined)[]): void {
    this.#handshakes.push(...faults);
  }

  /** Nothing is answered on any connection, as while a dialog is open; the function ends it. */
  stall(): () => void {
    this.#stalled ??= [];
    return () => {
      const waiting = this.#stalled ?? [];
      this.#stalled = undefined;
      for (const go of waiting) go();
    };
  }

  /** The next `count` responses wait for each other, and go out in reverse order. */
  reorder(count: number): void {
    this.#held = { count, sends: [] };
  }

  /** For the server: the fault of this request. */
  take(request: string): Fault | undefined {
    const rule = this.#rules.find((candidate) => candidate.request === request || candidate.request === "*");
    if (!rule) return undefined;
    if (rule.skip > 0) {
      rule.skip--;
      return undefined;
    }
    if (--rule.times <= 0) this.#rules.splice(this.#rules.indexOf(rule), 1);
    return rule.fault;
  }

  /** For the server: the fault of this handshake. */
  takeHandshake(): HandshakeFault | undefined {
    return this.#handshakes.shift();
  }

  /** For the server: resolves when the main thread is free. */
  async mainThread(): Promise<void> {
    const waiting = this.#stalled;
    if (waiting) await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** For the server: sends the response now, or when its turn has come. */
  respond(send: () => void): void {
    const held = this.#held;
    if (!held) {
      send();
      return;
    }
    held.sends.push(send);
    if (held.sends.length < held.count) return;
    this.#held = undefined;
    for (const late of held.sends.reverse()) late();
  }
}
